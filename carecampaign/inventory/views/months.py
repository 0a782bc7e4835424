"""The monthly balance sheet: on screen, on paper, as a file."""

from collections.abc import Iterator

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.downloads import send_csv, send_xlsx
from carecampaign.core.i18n import _
from carecampaign.core.pdf import render_form, send_pdf
from carecampaign.core.sheets import Cell, Sheet
from carecampaign.inventory.forms.books import MonthForm
from carecampaign.inventory.papers import month_form
from carecampaign.inventory.queries.books import MonthSheet, month_sheet, period_of
from carecampaign.inventory.views.blueprint import blueprint
from carecampaign.inventory.views.whose import Whose, books_form, whose_books

FEN = 100
SIDES = ("opening", "received", "issued", "closing")


@blueprint.get("/monthly-balance")
@requires(Permission.INVENTORY_VIEW)
def monthly_balance() -> ResponseReturnValue:
    """Show what was there, came, went and is left of each item in a month."""
    form = books_form(MonthForm)
    values = form.valid_values()
    whose = whose_books(values)
    year, month = form.chosen_month()
    period = period_of(year, month, closes_on=values.get("closes_on"))
    sheet = month_sheet(whose.places, period, by_items="by_items" in values)
    if "format" in request.args:
        return _file_of(sheet, f"{year}-{month:02d}", whose)
    return render_template("inventory/monthly_balance.html", form=form, sheet=sheet, whose=whose)


def _file_of(sheet: MonthSheet, month: str, whose: Whose) -> ResponseReturnValue:
    name = f"{_('Monthly stock balance')} {month}"
    if request.args["format"] == "pdf":
        paper = month_form(
            sheet, month=month, organization=whose.organization_name, place=whose.place_name
        )
        return send_pdf(render_form(paper), name)
    if not signed_in().can(Permission.REPORTS_EXPORT):
        abort(403)
    table = Sheet(name, _headings(), _cells(sheet))
    if request.args["format"] == "xlsx":
        return send_xlsx(name, table)
    if request.args["format"] != "csv":
        abort(404)
    return send_csv(name, table)


def _headings() -> list[str]:
    of_sides = [
        heading
        for side in (_("Opening balance"), _("In"), _("Out"), _("Closing balance"))
        for heading in (
            _("%(side)s, quantity", side=side),
            _("%(side)s, amount (yuan)", side=side),
        )
    ]
    return [_("Code"), _("Item"), _("Spec"), _("Unit"), *of_sides]


def _cells(sheet: MonthSheet) -> Iterator[list[Cell]]:
    for row in sheet.rows:
        figures: list[Cell] = []
        for side in (getattr(row, name) for name in SIDES):
            figures += [side.quantity, side.value / FEN]
        yield [row.item.code, row.item.name, row.item.spec, row.item.unit, *figures]
