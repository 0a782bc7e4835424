"""The books of the stock: what was where at a date, a ledger, whose money, what expires."""

from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.listing import show_list
from carecampaign.inventory.forms.books import DayForm, ExpiryForm, PeriodForm, StockDayForm
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.books import (
    EXPIRY,
    LEDGER,
    STOCK_ON_DAY,
    VALUE_BY_FUND,
    day_rows,
    expiring,
    expiry_rows,
    fund_rows,
    items_ever_at,
    ledger_of,
    ledger_rows,
    stock_on,
    value_by_fund,
)
from carecampaign.inventory.views.blueprint import blueprint
from carecampaign.inventory.views.whose import books_form, whose_books


@blueprint.get("/books")
@requires(Permission.INVENTORY_VIEW)
def books() -> ResponseReturnValue:
    """Show the way to each of the books."""
    return render_template("inventory/books.html")


@blueprint.get("/stock-at-date")
@requires(Permission.INVENTORY_VIEW)
def stock_at_date() -> ResponseReturnValue:
    """List what was where when a day was over."""
    form = books_form(StockDayForm)
    values = form.valid_values()
    day = values.get("on", clock.today())
    return show_list(
        "inventory/stock_at_date.html",
        STOCK_ON_DAY,
        stock_on(whose_books(values).places, day, by_items="by_items" in values),
        form=form,
        complete=day_rows,
        may_export=signed_in().can(Permission.REPORTS_EXPORT),
        day=day,
    )


@blueprint.get("/value-by-fund")
@requires(Permission.INVENTORY_VIEW)
def value_by_fund_source() -> ResponseReturnValue:
    """List what came in for each fund source, and what became of it."""
    form = books_form(DayForm)
    values = form.valid_values()
    day = values.get("on", clock.today())
    return show_list(
        "inventory/value_by_fund_source.html",
        VALUE_BY_FUND,
        value_by_fund(whose_books(values).places, day),
        form=form,
        complete=fund_rows,
        may_export=signed_in().can(Permission.REPORTS_EXPORT),
        day=day,
    )


@blueprint.get("/expiry")
@requires(Permission.INVENTORY_VIEW)
def expiry() -> ResponseReturnValue:
    """List what is past its date, or will be soon."""
    form = books_form(ExpiryForm)
    values = form.valid_values()
    return show_list(
        "inventory/expiry.html",
        EXPIRY,
        expiring(whose_books(values).places, within_days=values.get("days", form.days.default)),
        form=form,
        complete=expiry_rows,
        may_export=signed_in().can(Permission.REPORTS_EXPORT),
    )


@blueprint.get("/locations/<id:location_id>/ledger")
@requires(Permission.INVENTORY_VIEW)
def ledger(location_id: int) -> ResponseReturnValue:
    """List what came to a place and went, with the balance after each movement."""
    actor = signed_in()
    place = get_location_for(actor, location_id)
    form = PeriodForm(request.args, items=items_ever_at(place))
    values = form.valid_values()
    return show_list(
        "inventory/ledger.html",
        LEDGER,
        ledger_of(
            place,
            item_id=values.get("item"),
            since=values.get("since"),
            until=values.get("until"),
        ),
        form=form,
        complete=partial(ledger_rows, actor),
        may_export=actor.can(Permission.REPORTS_EXPORT),
        title=place.name,
        location=place,
    )
