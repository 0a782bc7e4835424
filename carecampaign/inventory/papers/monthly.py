"""The monthly balance sheet as a paper."""

from collections.abc import Callable

from carecampaign.core.babel import show_date
from carecampaign.core.i18n import _
from carecampaign.core.pdf import Form
from carecampaign.inventory.papers.parts import (
    Part,
    have_one_unit,
    item_parts,
    money,
    pieces,
    table,
    text,
)
from carecampaign.inventory.queries.books import MonthRow, MonthSheet, Side


def month_form(sheet: MonthSheet, *, month: str, organization: str, place: str) -> Form:
    """Give the paper of a month (收支结存表); ``month`` reads 2026-11."""
    is_one_unit = have_one_unit(row.item for row in sheet.rows)
    parts: list[Part[MonthRow]] = [
        *item_parts(lambda row: row.item),
        text(_("Unit"), lambda row: row.item.unit),
        *_side(lambda row: row.opening, is_one_unit=is_one_unit),
        *_side(lambda row: row.received, is_one_unit=is_one_unit),
        *_side(lambda row: row.issued, is_one_unit=is_one_unit),
        *_side(lambda row: row.closing, is_one_unit=is_one_unit),
    ]
    columns, rows = table(parts, sheet.rows)
    closing = sheet.total("closing").value
    return Form(
        title=_("Monthly stock balance"),
        number=month,
        organization=organization,
        facts=[
            (_("Stock location"), place),
            (_("From"), show_date(sheet.period.since)),
            (_("To"), show_date(sheet.period.until)),
            *([(_("Care packages"), _("counted as the items in them"))] if sheet.by_items else []),
        ],
        columns=columns,
        rows=rows,
        groups=[
            (_("Item"), 4),
            (_("Opening balance"), 2),
            (_("In"), 2),
            (_("Out"), 2),
            (_("Closing balance"), 2),
        ],
        signers=[
            _("Prepared by"),
            _("Stock keeper"),
            _("Finance"),
            _("Person in charge"),
            _("Date signed"),
        ],
        amount=closing if closing >= 0 else None,
        amount_label=_("Closing balance in capitals"),
        remarks=[(_("Check"), balance_words(sheet))],
        stamp="" if sheet.adds_up else _("Does not add up"),
    )


def balance_words(sheet: MonthSheet) -> str:
    """Say whether the sheet adds up."""
    if sheet.adds_up:
        return _("Opening + in − out = closing, for every item")
    return _("Does not add up")


def _side(side: Callable[[MonthRow], Side], *, is_one_unit: bool) -> list[Part[MonthRow]]:
    return [
        pieces(_("Quantity"), lambda row: side(row).quantity, is_summed=is_one_unit),
        money(_("Amount (yuan)"), lambda row: side(row).value, is_summed=True),
    ]
