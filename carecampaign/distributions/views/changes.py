"""Late changes: move an event, call it off, hold it once more."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import CancelForm, MoveForm
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.queries import WayBack
from carecampaign.distributions.views.blueprint import (
    blueprint,
    chosen,
    event_to_change,
    reject,
    status_of,
    whereabouts,
)
from carecampaign.inventory.models import StockDocument, StockLocation
from carecampaign.inventory.queries import stock_at
from carecampaign.inventory.words import document_number
from carecampaign.stations.models import Station
from carecampaign.stations.queries import list_open_stations_for

PLAN = Permission.DISTRIBUTIONS_PLAN


@blueprint.route("/<id:event_id>/move", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_PLAN)
def move(event_id: int) -> ResponseReturnValue:
    """Move an event to another day, time or place."""
    event = event_to_change(event_id)
    stations = _stations(event)
    form = MoveForm(data=whereabouts(event))
    form.offer(stations=stations)
    if form.validate_on_submit():
        try:
            with transaction():
                services.move_event(
                    queries.get_event_for(signed_in(), event_id, PLAN),
                    station=chosen(stations, form.station_id.data),
                    place=form.place.data,
                    held_on=form.held_on.data,
                    starts_at=form.starts_at.data,
                    ends_at=form.ends_at.data,
                    reason=form.reason.data,
                    revision=form.revision.data,
                    by=signed_in(),
                )
        except DomainError as error:
            reject(form, error, event)
        else:
            flash(_("The event is moved. Those assigned see it on their start page."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template("distributions/move.html", event=event, form=form)
    return page, status_of(form)


@blueprint.route("/<id:event_id>/cancel", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_PLAN)
def cancel(event_id: int) -> ResponseReturnValue:
    """Call off an event at which nothing was handed out; its stock goes back."""
    event = event_to_change(event_id)
    ways = queries.ways_back(stock_at(event.location), queries.brought_from(event))
    places = queries.sources_for(signed_in(), event)
    form = CancelForm()
    form.offer(places=places if _is_any_stranded(ways) else None)
    if form.validate_on_submit():
        try:
            with transaction():
                services.cancel_event(
                    queries.get_event_for(signed_in(), event_id, PLAN),
                    reason=form.reason.data,
                    target=chosen(places, form.target_id.data) if "target_id" in form else None,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _("The event is cancelled. Those assigned see it on their start page."), "success"
            )
            return redirect(url_for(".show", event_id=event_id))
    page = render_template(
        "distributions/cancel.html",
        event=event,
        form=form,
        ways=ways,
        transfers=_transfers_to(event, places),
        document_number=document_number,
    )
    return page, status_of(form)


def _stations(event: DistributionEvent) -> list[Station]:
    kept = [] if event.station_id is None else [event.station_id]
    return list_open_stations_for(signed_in(), PLAN, also=kept)


def _is_any_stranded(ways: list[WayBack]) -> bool:
    return any(way.place is None for way in ways)


def _transfers_to(
    event: DistributionEvent, places: Sequence[StockLocation]
) -> list[StockDocument]:
    """Give what is on its way to the event's station: it arrives there all the same."""
    if event.station_id is None:
        return []
    at_station = (place for place in places if place.station_id == event.station_id)
    return [document for place in at_station for document in queries.transfers_to(place)]
