"""All that an event has to be settled, on one screen: exceptions, and what was put aside."""

from itertools import groupby
from operator import attrgetter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _n
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import ReasonForm
from carecampaign.distributions.queries.settling import (
    get_put_aside,
    list_put_aside,
    said_by,
)
from carecampaign.distributions.views.blueprint import blueprint, status_of
from carecampaign.distributions.views.words import describe

SETTLE = Permission.DISTRIBUTIONS_SETTLE


@blueprint.route("/<id:event_id>/to-settle", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_SETTLE)
def to_settle(event_id: int) -> ResponseReturnValue:
    """Show what is to be settled by its reason; accept many of a kind with one note."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            count = _accept(event_id, form.reason.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _n("%(num)s exception settled.", "%(num)s exceptions settled.", count), "success"
            )
            return redirect(url_for(".to_settle", event_id=event_id))
    event = queries.get_event_for(signed_in(), event_id, SETTLE)
    exceptions = sorted(queries.open_exceptions(event), key=lambda it: it.reason.value)
    page = render_template(
        "distributions/to_settle.html",
        event=event,
        form=form,
        by_reason=[
            (reason, list(ones)) for reason, ones in groupby(exceptions, attrgetter("reason"))
        ],
        put_aside=[(one, said_by(one)) for one in list_put_aside(event)],
        describe=describe,
    )
    return page, status_of(form)


@blueprint.post("/<id:event_id>/put-aside/<id:quarantined_id>/settle")
@requires(Permission.DISTRIBUTIONS_SETTLE)
def settle_put_aside(event_id: int, quarantined_id: int) -> ResponseReturnValue:
    """Note that somebody has seen to what was put aside."""
    with transaction():
        event = queries.get_event_for(signed_in(), event_id, SETTLE)
        services.settle_put_aside(get_put_aside(event, quarantined_id), event, by=signed_in())
    flash(_("Seen to."), "success")
    return redirect(url_for(".to_settle", event_id=event_id))


def _accept(event_id: int, note: str) -> int:
    wanted = set(request.form.getlist("exception_id"))
    with transaction():
        event = queries.get_event_for(signed_in(), event_id, SETTLE)
        chosen = [one for one in queries.open_exceptions(event) if str(one.id) in wanted]
        if not chosen:
            raise services.NothingChosen
        for one in chosen:
            services.settle_exception(one, settlement=note, by=signed_in())
    return len(chosen)
