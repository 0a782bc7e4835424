"""Open an event with its stock, and bring more."""

from collections.abc import Collection, Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import SourceForm, StockForm, Supply, stock_form
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.services import Arrived
from carecampaign.distributions.views.blueprint import (
    LEAD,
    blueprint,
    chosen,
    event_in,
    status_of,
)
from carecampaign.inventory.models import (
    DocumentLine,
    LocationKind,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.queries import reaches as reaches_place
from carecampaign.inventory.queries import stock_at
from carecampaign.inventory.services import Arrival, Line


@blueprint.route("/<id:event_id>/open", methods=["GET", "POST"], endpoint="open")
@requires(Permission.DISTRIBUTIONS_LEAD)
def open_(event_id: int) -> ResponseReturnValue:
    """Open an event with stock, taking in what is on its way and what the last one left."""
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    if request.method == "GET" and event.state != EventState.PLANNED:
        raise services.WrongState
    choice, source = source_of(event)
    transfers = _transfers_to(source)
    previous = queries.find_open_event_before(signed_in(), event)
    left = stock_at(previous.location) if previous else ()
    form = stock_form(
        supplies_at(source, event, transfers, {level.item_id: level.on_hand for level in left}),
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
    event = event_in(event_id, EventState.OPEN)
    choice, source = source_of(event)
    form = stock_form(supplies_at(source, event))()
    if form.validate_on_submit() and source is not None:
        try:
            with transaction():
                claim(form.command_id.data, "distributions.bring")
                fresh = queries.get_event_for(signed_in(), event_id, LEAD)
                services.bring_more(fresh, source, lines_of(form), by=signed_in())
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


def source_of(
    event: DistributionEvent, *, kinds: Collection[LocationKind] | None = None
) -> tuple[SourceForm, StockLocation | None]:
    """Give the choice of the place that stock comes from, and the place: the nearest at first."""
    places = queries.sources_for(signed_in(), event)
    if kinds is not None:
        places = [place for place in places if place.kind in kinds]
    choice = SourceForm(formdata=request.args, places=places)
    source = chosen(places, choice.valid_values().get("source"))
    if source is None and places:
        source = places[0]
        choice.source.data = source.id
    return choice, source


def _transfers_to(source: StockLocation | None) -> list[StockDocument]:
    """Give what is on its way to a place, for those who may take it in there."""
    is_ours = source is not None and reaches_place(
        signed_in(), source, Permission.INVENTORY_ACCEPT
    )
    return list(queries.transfers_to(source)) if source is not None and is_ours else []


def supplies_at(
    source: StockLocation | None,
    event: DistributionEvent,
    transfers: Sequence[StockDocument] = (),
    carried: Mapping[int, int] | None = None,
) -> list[Supply]:
    """Give what can be taken from a place for an event, what arrives there included.

    What is reserved there for others is not. Of the campaign's package the plan suggests how
    many, less what is carried over.
    """
    coming = [line for transfer in transfers for line in transfer.lines]
    levels = stock_at(source) if source is not None else ()
    items = {level.item_id: level.item for level in levels}
    items |= {line.item_id: line.item for line in coming}
    kept = queries.kept_for(event, source)
    free = {it.item_id: it.on_hand - it.reserved + kept.get(it.item_id, 0) for it in levels}
    version = event.campaign.package_version
    planned = sum(plan.planned for plan in event.plans)
    supplies = []
    for key, item in items.items():
        here = free.get(key, 0)
        arriving = sum(line.quantity for line in coming if line.item_id == key)
        wanted = planned - (carried or {}).get(key, 0)
        is_package = version is not None and version.item_id == key
        suggested = min(here + arriving, wanted) if is_package and wanted > 0 else None
        if here or arriving:
            supplies.append(Supply(item, here, arriving, suggested))
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
        lines=lines_of(form),
        arrived=_arrived(source, form),
        carried_over=carried_over,
        by=actor,
    )


def lines_of(form: StockForm) -> list[Line]:
    """Give what a form takes."""
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
