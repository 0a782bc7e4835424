"""Let in by a pass: scanned or typed, the name asked once, and on to the event."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public
from carecampaign.core.csrf import same_origin
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.distributions.models import Phone, StationPass
from carecampaign.distributions.queries.phones import find_pass
from carecampaign.distributions.services import passes
from carecampaign.field.callers import COOKIE, NotLetIn, caller, let_in
from carecampaign.field.forms import PinForm, VolunteerForm
from carecampaign.field.views.blueprint import blueprint


@blueprint.route("/join", methods=["GET", "POST"])
@public
def join() -> ResponseReturnValue:
    """Let a phone in by the number of an event and the six digits of its pass."""
    form = PinForm()
    if form.validate_on_submit():
        try:
            return _let_in(_typed_pass(form), form)
        except DomainError as error:
            form.reject(error)
    return render_template("field/join.html", form=form, event=None), 422 if form.errors else 200


@blueprint.route("/j/<string(length=22):token>", methods=["GET", "POST"])
@public
def scanned(token: str) -> ResponseReturnValue:
    """Let a phone in by the code of a pass."""
    found = find_pass(token)
    if found is None:
        return render_template("field/scanned.html"), 404
    form = VolunteerForm()
    if form.validate_on_submit():
        return _let_in(token, form)
    page = render_template("field/join.html", form=form, event=found.event)
    return page, 422 if form.errors else 200


@blueprint.post("/leave")
@public
@same_origin
def leave() -> ResponseReturnValue:
    """Take the cookie from a phone that has sent everything."""
    response = make_response(redirect(url_for(".app")))
    response.delete_cookie(COOKIE, httponly=True, samesite="Strict")
    return response


def _typed_pass(form: PinForm) -> StationPass:
    event_id, pin = form.event.data, "".join(str(form.pin.data).split())
    with transaction():
        passes.check_may_type(event_id)
        found = passes.pass_by_pin(event_id, pin)
    if found is None:
        raise passes.WrongPin
    return found


def _let_in(by: StationPass | str, form: VolunteerForm) -> ResponseReturnValue:
    with transaction():
        station_pass = find_pass(by) if isinstance(by, str) else by
        if station_pass is None:
            abort(404)
        phone, secret = passes.join(station_pass, _known_phone(), volunteer=form.volunteer.data)
        event_id = station_pass.event_id
    response = make_response(redirect(url_for(".app", event=event_id)))
    let_in(response, phone, secret)
    return response


def _known_phone() -> Phone | None:
    if COOKIE not in request.cookies:
        return None
    try:
        return caller().phone
    except NotLetIn:
        return None
