"""The volunteer's page, which works without JavaScript: taps as a form, undo, named persons."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid_utils
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.forms.cards import CodeForm
from carecampaign.beneficiaries.queries import list_active_occupations
from carecampaign.beneficiaries.services import add_person
from carecampaign.campaigns.models import ConsentKind, ConsentMeans
from carecampaign.campaigns.queries import find_notice, list_occupations, needs_consent
from carecampaign.campaigns.services import record_consents
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import bounded_id
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import NameSearchForm, NewPersonForm
from carecampaign.distributions.models import DistributionEvent, EventState, Outcome
from carecampaign.distributions.services import Logged, OtherContent
from carecampaign.distributions.taps import NotReadable, Tap, read_client_id, read_tap
from carecampaign.distributions.views.blueprint import blueprint, chosen, status_of
from carecampaign.distributions.views.logging import log_tap
from carecampaign.distributions.views.words import describe, figures_of, say_why, tell

LOG = Permission.DISTRIBUTIONS_LOG
TOGETHER = (1, 2, 3, 5, 10)
"""People who arrive together, as one tap: other numbers are typed."""


@blueprint.get("/<id:event_id>/log")
@requires(Permission.DISTRIBUTIONS_LOG)
def log(event_id: int) -> ResponseReturnValue:
    """Show the buttons that log a handout, what is left, and the last entries."""
    event = queries.get_event_for(signed_in(), event_id, LOG)
    things = queries.things_of(event)
    item_id = request.args.get("item", type=int)
    return render_template(
        "distributions/log.html",
        event=event,
        things=things,
        thing=chosen(things, item_id) or (things[0] if things else None),
        standing=queries.standing_of(event.id, event.location_id),
        handouts=queries.last_handouts(event),
        may_undo=_undoable(event),
        describe=describe,
        together=TOGETHER,
        is_late=_is_late(event),
        new_id=uuid_utils.uuid7,
    )


@blueprint.post("/<id:event_id>/log")
@requires(Permission.DISTRIBUTIONS_LOG)
def log_by_form(event_id: int) -> ResponseReturnValue:
    """Take one tap as a form, and show the page again with what became of it."""
    values = {**request.form}
    if values.get("other_quantity"):
        values["quantity"] = values["other_quantity"]
    if values.get("is_further"):
        values["head_count"] = "0"
    back = url_for(".log", event_id=event_id, item=values.get("item_id") or None)
    try:
        tap = read_tap(values)
        occasion, logged = log_tap(event_id, tap)
    except (NotReadable, OtherContent, services.NoGroup) as error:
        flash(str(error), "danger")
        return redirect(back)
    return _after(event_id, tap, logged, tell(logged, occasion, tap)) or redirect(back)


@blueprint.route("/<id:event_id>/persons", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LOG)
def persons(event_id: int) -> ResponseReturnValue:
    """Find a person to hand out to, or add one who is not known yet and do both.

    ``?person=`` is who was found by their card: whether they were served stands above.
    """
    event = queries.get_event_for(signed_in(), event_id, LOG)
    things = queries.things_of(event)
    thing = chosen(things, request.args.get("item", type=int)) or (things[0] if things else None)
    notice = find_notice(event.campaign_id)
    form = NewPersonForm(
        occupations=list_occupations(),
        groups=event.campaign.groups,
        notice=notice,
        is_by_consent=needs_consent(event.campaign),
    )
    if form.validate_on_submit() and thing is not None:
        try:
            logged, tap, message = _add_and_log(event_id, thing.id, form)
        except AlreadyDone:
            return redirect(url_for(".log", event_id=event_id))
        except DomainError as error:
            form.reject(error)
        else:
            return _after(event_id, tap, logged, message) or redirect(
                url_for(".log", event_id=event_id)
            )
    if notice is not None:
        form.notice.data = notice.number  # what is shown now, whatever was shown before
    page = render_template(
        "distributions/persons.html",
        event=event,
        thing=thing,
        campaign_notice=notice,
        form=form,
        is_late=_is_late(event),
        new_id=uuid_utils.uuid7,
        **_found(event, thing),
    )
    return page, status_of(form)


def _found(event: DistributionEvent, thing: Item | None) -> dict[str, Any]:
    """Find the persons looked for, by name or by a card, and what giving to each would break."""
    search = NameSearchForm(formdata=request.args)
    text = search.valid_values().get("name", "").strip()
    person_id = request.args.get("person", type=bounded_id)
    if person_id is None:
        found = queries.find_persons(event, text)
    else:
        found = queries.find_person(event, person_id)
    ids = [person.id for person, _was_served in found]
    return {
        "search": search,
        "text": text,
        "shortest": queries.SHORTEST_SEARCH,
        "code_form": CodeForm(formdata=None),
        "found": found,
        "broken": services.foresee(event, thing, ids) if thing is not None else {},
        "say_why": say_why,
        "is_by_card": person_id is not None,
        "served_on": None if person_id is None else _served_on(event, person_id),
    }


def _served_on(event: DistributionEvent, person_id: int) -> date | None:
    last = queries.last_served(event, person_id)
    if last is None:
        return None
    happened_at, recorded_at, held_on = last
    return services.counted_on(happened_at, recorded_at, held_on=held_on)


@blueprint.post("/<id:event_id>/undo")
@requires(Permission.DISTRIBUTIONS_LOG)
def undo(event_id: int) -> ResponseReturnValue:
    """Take an entry back with one tap: one's own fresh one, or any for the lead."""
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        handout_id = read_client_id(request.form.get("handout_id"))
        void_id = read_client_id(request.form.get("void_id"))
        with transaction():
            standing = _undo(event_id, handout_id, void_id)
    except (NotReadable, OtherContent, services.NotYours) as error:
        if wants_json:
            return {"outcome": "refused", "message": str(error)}, 409
        flash(str(error), "danger")
        return redirect(url_for(".log", event_id=event_id))
    message = _("Taken back. It is not counted any more.")
    if not wants_json:
        flash(message, "success")
        return redirect(url_for(".log", event_id=event_id))
    return {
        "id": str(void_id),
        "outcome": "voided",
        "message": message,
        **figures_of(standing),
    }


def _undo(event_id: int, handout_id: UUID, void_id: UUID) -> queries.Standing:
    actor = signed_in()
    handout = queries.get_handout_for(actor, event_id, handout_id)
    reason = _("Undone on the log page")
    if queries.reaches(actor, handout.event, Permission.DISTRIBUTIONS_LEAD):
        services.void_handout(handout.id, void_id=void_id, reason=reason, by=actor)
    else:
        services.undo_handout(handout, void_id=void_id, reason=reason, by=actor)
    return queries.standing_of(event_id, handout.event.location_id)


def _add_and_log(event_id: int, item_id: int, form: NewPersonForm) -> tuple[Logged, Tap, str]:
    actor = signed_in()
    with transaction():
        claim(form.command_id.data, "distributions.add_person")
        event = queries.get_event_for(actor, event_id, LOG)
        occupations = list_active_occupations()
        person = add_person(
            form.name.data,
            occupation=chosen(occupations, form.occupation_id.data),
            organization=event.unit,
            employer=form.employer.data or "",
            by=actor,
        )
        if "is_told" in form:
            record_consents(
                event.campaign,
                [person.id],
                [ConsentKind(kind) for kind in (form.kinds.data if "kinds" in form else ())],
                means=ConsentMeans.IN_PERSON,
                given_on=clock.today(),
                number=form.notice.data,
                by=actor,
            )
        tap = Tap(
            id=UUID(form.command_id.data),
            item_id=item_id,
            person_id=person.id,
            group_id=form.group_id.data,
            already_given=_is_late(event),
        )
        occasion = queries.get_occasion_for(actor, event_id, tap, is_locked=tap.already_given)
        logged = services.log_at(occasion, tap, by=actor)
        return logged, tap, tell(logged, occasion, tap)


def _after(event_id: int, tap: Tap, logged: Logged, message: str) -> ResponseReturnValue | None:
    """Say what became of a tap; a refusal gets a page of its own with the way out."""
    if logged.outcome == Outcome.REFUSED:
        return render_template(
            "distributions/refused.html",
            event_id=event_id,
            tap=tap,
            message=message,
            new_id=uuid_utils.uuid7,
            may_override=services.may_be_overridden(logged, event_id, by=signed_in()),
            lacks_reason="override" in request.form,
        ), 409
    flash(message, "success" if logged.outcome == Outcome.CREATED else "warning")
    return None


def _undoable(event: DistributionEvent) -> object:
    actor = signed_in()
    if queries.reaches(actor, event, Permission.DISTRIBUTIONS_LEAD):
        return lambda _handout: True
    return lambda handout: services.may_undo(handout, by=actor)


def _is_late(event: DistributionEvent) -> bool:
    return event.state in {EventState.CLOSED, EventState.CANCELLED}
