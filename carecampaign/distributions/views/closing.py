"""Close an event, and settle what is left or missing afterwards."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError, NotFound
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import CloseForm, ReasonForm, TargetForm, close_form
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.services import Count, Gap
from carecampaign.distributions.views.blueprint import (
    LEAD,
    blueprint,
    chosen,
    event_in,
    status_of,
)
from carecampaign.inventory.models import StockLevel, StockLocation
from carecampaign.inventory.queries import stock_at


@blueprint.route("/<id:event_id>/close", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LEAD)
def close(event_id: int) -> ResponseReturnValue:
    """Count what is left, say what became of a gap, send the rest back."""
    event = event_in(event_id, EventState.OPEN)
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
    event = event_in(event_id, EventState.CLOSED)
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


def _unexplained(event: DistributionEvent, item_id: int) -> StockLevel:
    for level in stock_at(event.location):
        if level.item_id == item_id and level.unexplained:
            return level
    raise NotFound(_("Nothing of this item is unexplained here."))


def _nearest(event: DistributionEvent, places: Sequence[StockLocation]) -> int | None:
    """Give the place that the stock most likely goes back to: where it came from last."""
    came_from = queries.find_last_source(event)
    ids = [place.id for place in places]
    return came_from if came_from in ids else next(iter(ids), None)


def _place(event_id: int, location_id: int | None) -> StockLocation | None:
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    place: StockLocation | None = chosen(queries.sources_for(signed_in(), event), location_id)
    return place


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
