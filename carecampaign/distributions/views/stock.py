"""Stock that comes to an event and goes back from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.models import Item
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError, NotFound
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import (
    CloseForm,
    ReasonForm,
    SourceForm,
    StockForm,
    Supply,
    TargetForm,
    close_form,
    stock_form,
)
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.services import Arrived, Count, Gap
from carecampaign.distributions.views.blueprint import blueprint, chosen, status_of
from carecampaign.inventory.models import DocumentLine, StockDocument, StockLocation
from carecampaign.inventory.queries import reaches as reaches_place
from carecampaign.inventory.queries import stock_at
from carecampaign.inventory.services import Arrival, Line

LEAD = Permission.DISTRIBUTIONS_LEAD


@blueprint.route("/<id:event_id>/open", methods=["GET", "POST"], endpoint="open")
@requires(Permission.DISTRIBUTIONS_LEAD)
def open_(event_id: int) -> ResponseReturnValue:
    """Open an event with stock, taking in what is on its way and what the last one left."""
    event = _event_in(event_id, EventState.PLANNED)
    choice, source = _source(event)
    transfers = _transfers_to(source)
    previous = queries.find_open_event_before(signed_in(), event)
    left = stock_at(previous.location) if previous else ()
    form = stock_form(
        _supplies(event, source, transfers, {level.item_id: level.on_hand for level in left}),
        arriving=transfers,
        can_carry_over=previous is not None,
    )()
    if form.validate_on_submit():
        try:
            with transaction():
                claim(form.command_id.data, "distributions.open")
                _open(event_id, source, form)
        except AlreadyDone:
            return redirect(url_for(".show", event_id=event_id))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The event is open."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template(
        "distributions/open.html",
        event=event,
        choice=choice,
        form=form,
        transfers=transfers,
        previous=previous,
        previous_stock=left,
        source=source,
    )
    return page, status_of(form)


@blueprint.route("/<id:event_id>/bring-more", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LEAD)
def bring(event_id: int) -> ResponseReturnValue:
    """Bring more stock to an open event."""
    event = _event_in(event_id, EventState.OPEN)
    choice, source = _source(event)
    form = stock_form(_supplies(event, source))()
    if form.validate_on_submit() and source is not None:
        try:
            with transaction():
                claim(form.command_id.data, "distributions.bring")
                fresh = queries.get_event_for(signed_in(), event_id, LEAD)
                services.bring_more(fresh, source, _lines(form), by=signed_in())
        except AlreadyDone:
            return redirect(url_for(".show", event_id=event_id))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The stock is here."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template(
        "distributions/bring.html", event=event, choice=choice, form=form, source=source
    )
    return page, status_of(form)


@blueprint.route("/<id:event_id>/close", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LEAD)
def close(event_id: int) -> ResponseReturnValue:
    """Count what is left, say what became of a gap, send the rest back."""
    event = _event_in(event_id, EventState.OPEN)
    levels = [level for level in stock_at(event.location) if level.on_hand]
    places = queries.sources_for(signed_in(), event)
    form = close_form(levels, gaps=Gap, groups=event.campaign.groups, places=places)(
        data={"target_id": _nearest(event, places)}
    )
    if form.validate_on_submit():
        try:
            with transaction():
                services.close_event(
                    queries.get_event_for(signed_in(), event_id, LEAD),
                    counts=_counts(form),
                    target=_place(event_id, form.target_id.data),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The event is closed."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template("distributions/close.html", event=event, form=form, levels=levels)
    return page, status_of(form)


@blueprint.route("/<id:event_id>/send-back", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LEAD)
def send_back(event_id: int) -> ResponseReturnValue:
    """Send back what a closed event's place holds again, as after a void."""
    event = _event_in(event_id, EventState.CLOSED)
    places = queries.sources_for(signed_in(), event)
    form = TargetForm(places=places)
    if form.validate_on_submit():
        with transaction():
            services.send_back(
                queries.get_event_for(signed_in(), event_id, LEAD),
                _place(event_id, form.target_id.data),
                by=signed_in(),
            )
        flash(_("The stock is on the books of that place again."), "success")
        return redirect(url_for(".show", event_id=event_id))
    page = render_template(
        "distributions/send_back.html",
        event=event,
        form=form,
        levels=[level for level in stock_at(event.location) if level.on_hand],
    )
    return page, status_of(form)


@blueprint.route("/<id:event_id>/explain/<id:item_id>", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_SETTLE)
def explain(event_id: int, item_id: int) -> ResponseReturnValue:
    """Settle what stayed unexplained of an item at an event's place."""
    event = queries.get_event_for(signed_in(), event_id, Permission.DISTRIBUTIONS_SETTLE)
    level = _unexplained(event, item_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                fresh = queries.get_event_for(
                    signed_in(), event_id, Permission.DISTRIBUTIONS_SETTLE
                )
                services.explain(
                    fresh,
                    _unexplained(fresh, item_id).item,
                    reason=form.reason.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The difference is settled."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template("distributions/explain.html", event=event, level=level, form=form)
    return page, status_of(form)


def _event_in(event_id: int, state: EventState) -> DistributionEvent:
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    if event.state != state:
        raise services.WrongState
    return event


def _unexplained(event: DistributionEvent, item_id: int) -> Any:  # noqa: ANN401 - a stock level
    for level in stock_at(event.location):
        if level.item_id == item_id and level.unexplained:
            return level
    raise NotFound(_("Nothing of this item is unexplained here."))


def _source(event: DistributionEvent) -> tuple[SourceForm, StockLocation | None]:
    """Give the choice of the place that stock comes from, and the place: the nearest at first."""
    places = queries.sources_for(signed_in(), event)
    choice = SourceForm(formdata=request.args, places=places)
    source = chosen(places, choice.valid_values().get("source"))
    if source is None and places:
        source = places[0]
        choice.source.data = source.id
    return choice, source


def _nearest(event: DistributionEvent, places: Sequence[StockLocation]) -> int | None:
    """Give the place that the stock most likely goes back to: where it came from last."""
    came_from = queries.find_last_source(event)
    ids = [place.id for place in places]
    return came_from if came_from in ids else next(iter(ids), None)


def _place(event_id: int, location_id: int | None) -> StockLocation | None:
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    place: StockLocation | None = chosen(queries.sources_for(signed_in(), event), location_id)
    return place


def _transfers_to(source: StockLocation | None) -> list[StockDocument]:
    """Give what is on its way to a place, for those who may take it in there."""
    is_ours = source is not None and reaches_place(
        signed_in(), source, Permission.INVENTORY_ACCEPT
    )
    return list(queries.transfers_to(source)) if source is not None and is_ours else []


def _supplies(
    event: DistributionEvent,
    source: StockLocation | None,
    transfers: Sequence[StockDocument] = (),
    carried: Mapping[int, int] | None = None,
) -> list[Supply]:
    """Give what can be taken from a place, what arrives there included.

    Of the campaign's package the plan suggests how many, less what is carried over.
    """
    levels = stock_at(source) if source is not None else ()
    on_hand = {level.item: level.on_hand for level in levels if level.on_hand}
    arriving: Counter[Item] = Counter()
    for line in (line for transfer in transfers for line in transfer.lines):
        arriving[line.item] += line.quantity
    version = event.campaign.package_version
    planned = sum(plan.planned for plan in event.plans)
    supplies = []
    for item in dict.fromkeys([*on_hand, *arriving]):
        here = on_hand.get(item, 0) + arriving[item]
        wanted = planned - (carried or {}).get(item.id, 0)
        is_package = version is not None and version.item_id == item.id
        suggested = min(here, wanted) if is_package and wanted > 0 else None
        supplies.append(Supply(item, on_hand.get(item, 0), arriving[item], suggested))
    return supplies


def _open(event_id: int, source: StockLocation | None, form: StockForm) -> None:
    actor = signed_in()
    event = queries.get_event_for(actor, event_id, LEAD)
    carried_over = None
    if "carry_over" in form and form.carry_over.data:
        carried_over = queries.find_open_event_before(actor, event)
    services.open_event(
        event,
        source=source,
        lines=_lines(form),
        arrived=_arrived(source, form),
        carried_over=carried_over,
        by=actor,
    )


def _lines(form: StockForm) -> list[Line]:
    items = queries.items_by_id(form.taken)
    return [Line(items[key], quantity) for key, quantity in form.taken.items()]


def _arrived(source: StockLocation | None, form: StockForm) -> list[Arrived]:
    return [
        Arrived(document, {line.id: _arrival(line, form) for line in document.lines})
        for document in _transfers_to(source)
        if f"receive_{document.id}" in form and form[f"receive_{document.id}"].data
    ]


def _arrival(line: DocumentLine, form: StockForm) -> Arrival:
    count, reason = form.arrivals[line.id]
    # An empty field is "all of it", as it was filled in when the page came.
    return Arrival(line.quantity if count is None else count, reason or "")


def _counts(form: CloseForm) -> dict[int, Count]:
    return {
        key: Count(
            counted=form[f"counted_{key}"].data,
            gap=form[f"gap_{key}"].data,
            group_id=form[f"group_{key}"].data,
            books=form[f"books_{key}"].data,
        )
        for key in form.counted_items
    }
