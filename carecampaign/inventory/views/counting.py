"""Counting on the phone: one line after the other, each saved at once."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core import clock
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _
from carecampaign.inventory import services
from carecampaign.inventory.forms import AddItemForm, CountForm, FinishForm, ReasonRow
from carecampaign.inventory.models import StockTake, StockTakeLine, StockTakeState
from carecampaign.inventory.queries.pages import items_by_id
from carecampaign.inventory.queries.pages.stock_takes import (
    get_stock_take_to_count,
    line_of,
    stock_take_steps,
)
from carecampaign.inventory.services import MovedOn
from carecampaign.inventory.views.blueprint import blueprint, chosen, show_form
from carecampaign.inventory.views.steps import take_step


@blueprint.route("/stock-takes/<id:stock_take_id>/count", methods=["GET", "POST"])
@requires(Permission.INVENTORY_COUNT)
def count(stock_take_id: int) -> ResponseReturnValue:
    """Count one line: the one that was chosen, else the first that nobody counted."""
    actor, line_id = signed_in(), chosen("line")
    row = _being_counted(actor, stock_take_id)
    line = line_of(row, line_id)
    if line is None:
        return redirect(url_for(".finish_stock_take", stock_take_id=stock_take_id))
    form = CountForm(round=len(line.counts) + 1)
    if form.validate_on_submit():
        done = take_step(
            form,
            "record_count",
            lambda: _record(form, stock_take_id, line.id, by=actor),
            words=_("%(item)s: %(counted)s counted.", item=line.name, counted=form.counted.data),
            then=url_for(".count", stock_take_id=stock_take_id),
        )
        if done is not None:
            return done
    return show_form(
        "inventory/count.html",
        form,
        stock_take=row,
        line=line,
        number=row.lines.index(line) + 1,
        has_batches=any(each.batch for each in row.lines if each.item_id == line.item_id),
        left=sum(each.last is None for each in row.lines),
        today=clock.today(),
        may=stock_take_steps(actor, row),
    )


@blueprint.route("/stock-takes/<id:stock_take_id>/add-item", methods=["GET", "POST"])
@requires(Permission.INVENTORY_COUNT)
def add_counted_item(stock_take_id: int) -> ResponseReturnValue:
    """Count an item, or a batch of one, that the books do not know here."""
    actor = signed_in()
    row = _being_counted(actor, stock_take_id)
    items = {item.id: item for item in [*(line.item for line in row.lines), *list_active_items()]}
    form = AddItemForm(
        items=[(item.id, f"{item.name} ({item.unit})") for item in items.values()],
        data={"item": chosen("item")},
    )
    if form.validate_on_submit():
        with transaction():
            line = services.add_item(
                get_stock_take_to_count(actor, stock_take_id),
                items_by_id([form.item.data])[form.item.data],
                lot_code=form.lot_code.data,
                expires_on=form.expires_on.data,
            )
        return redirect(url_for(".count", stock_take_id=stock_take_id, line=line.id))
    return show_form("inventory/add_counted_item.html", form, stock_take=row)


@blueprint.route("/stock-takes/<id:stock_take_id>/finish", methods=["GET", "POST"])
@requires(Permission.INVENTORY_COUNT)
def finish_stock_take(stock_take_id: int) -> ResponseReturnValue:
    """Say why counts differ, and put them before whoever approves."""
    actor = signed_in()
    row = _being_counted(actor, stock_take_id)
    differing = [line for line in row.lines if line.difference]
    form = FinishForm(rows=[ReasonRow(line, reason=line.reason) for line in differing])
    if form.validate_on_submit():
        done = take_step(
            form,
            "finish_stock_take",
            lambda: services.finish_stock_take(
                get_stock_take_to_count(actor, stock_take_id), form.reasons(), by=actor
            ),
            words=_("Sent for approval.") if differing else _("Everything is as the books say."),
            then=url_for(".stock_take", stock_take_id=stock_take_id),
        )
        if done is not None:
            return done
    return show_form(
        "inventory/finish_stock_take.html",
        form,
        stock_take=row,
        lines={line.id: line for line in differing},
        left=sum(line.last is None for line in row.lines),
    )


def _being_counted(actor: Actor, stock_take_id: int) -> StockTake:
    row = get_stock_take_to_count(actor, stock_take_id)
    if row.state is not StockTakeState.COUNTING:
        raise MovedOn(row.state)
    return row


def _record(form: CountForm, stock_take_id: int, line_id: int, *, by: Actor) -> None:
    row = get_stock_take_to_count(by, stock_take_id)
    line: StockTakeLine | None = line_of(row, line_id)
    if line is not None:
        services.record_count(line, form.counted.data, round_number=int(form.round.data), by=by)
