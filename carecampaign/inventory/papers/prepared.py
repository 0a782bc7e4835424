"""Forms that have a number before anything moves: requisition, stock-take sheet, write-off."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from carecampaign.core.babel import show_date
from carecampaign.core.i18n import _
from carecampaign.core.pdf import Form
from carecampaign.inventory.models import (
    DocumentKind,
    Requisition,
    RequisitionLine,
    StockTake,
    StockTakeLine,
    StockTakeState,
    WriteOff,
    WriteOffLine,
)
from carecampaign.inventory.papers.parts import (
    Part,
    have_one_unit,
    item_parts,
    money,
    pieces,
    table,
    text,
)
from carecampaign.inventory.words import document_number


class Numbered(Protocol):
    """What has a number within its organisation and year."""

    @property
    def year(self) -> int: ...
    @property
    def number(self) -> int: ...


def requisition_form(requisition: Requisition, *, decision: str = "") -> Form:
    """Give the paper of a requisition (领用单); ``decision`` is who decided what, in words."""
    is_one_unit = have_one_unit(line.item for line in requisition.lines)
    parts: list[Part[RequisitionLine]] = [
        *item_parts(lambda line: line.item),
        text(_("Unit"), lambda line: line.item.unit),
        pieces(_("Asked for"), lambda line: line.asked, is_summed=is_one_unit),
        pieces(_("Granted"), lambda line: line.granted, is_summed=is_one_unit),
        pieces(_("Issued"), lambda line: line.issued, is_summed=is_one_unit),
    ]
    columns, rows = table(parts, requisition.lines)
    document, campaign = requisition.document, requisition.campaign
    return Form(
        title=str(DocumentKind.REQUISITION.label),
        number=_number(requisition),
        organization=requisition.organization.name,
        facts=_filled(
            (_("Date"), show_date(requisition.dated_on)),
            (_("Requesting unit"), requisition.target.name),
            (_("Applicant"), requisition.requested_by.name if requisition.requested_by else ""),
            (_("Purpose"), requisition.purpose),
            (_("Campaign"), "" if campaign is None else campaign.name),
            (_("Needed by"), show_date(requisition.needed_by)),
            (_("Warehouse"), requisition.warehouse.name if requisition.warehouse else ""),
            (_("Issued with"), "" if document is None else document_number(document)),
            (_("State"), str(requisition.state.label)),
        ),
        columns=columns,
        rows=rows,
        signers=[_("Applicant"), _("Approved by"), _("Stock keeper"), _("Date signed")],
        remarks=_filled((_("Approval"), decision)),
    )


def stock_take_form(take: StockTake, *, values: Mapping[int, int], decision: str = "") -> Form:
    """Give the paper of a stock-take (盘点表).

    ``values`` are what a piece is worth (fen), by the id of the line. While it is counted
    there is room to write by hand; of a blind one, what the books say stays off the paper.
    """
    columns, rows = table(_stock_take_parts(take, values), take.lines)
    return Form(
        title=str(DocumentKind.STOCK_TAKE.label),
        number=_number(take),
        organization=take.organization.name,
        facts=_filled(
            (_("Date of the stock-take"), show_date(take.dated_on)),
            (_("Stock location"), take.location.name),
            (_("Opened by"), take.opened_by.name if take.opened_by else ""),
            (_("Witness"), take.witness),
            (_("Posted as"), "" if take.document is None else document_number(take.document)),
            (_("State"), str(take.state.label)),
        ),
        columns=columns,
        rows=rows,
        signers=[_("Counted by"), _("Witness"), _("Person in charge"), _("Date signed")],
        remarks=_filled((_("Approval"), decision)),
    )


def _stock_take_parts(take: StockTake, values: Mapping[int, int]) -> list[Part[StockTakeLine]]:
    is_counting = take.state is StockTakeState.COUNTING
    is_hidden = take.is_blind and is_counting
    return [
        *item_parts(lambda line: line.item),
        text(_("Batch"), lambda line: line.lot_code, "1.3fr"),
        text(_("Expiry"), lambda line: _day(line.expires_on)),
        text(_("Unit"), lambda line: line.item.unit),
        pieces(
            _("Book quantity"),
            lambda line: None if is_hidden or not line.last else line.last.book,
        ),
        pieces(
            _("Counted"),
            lambda line: line.last.counted if line.last else None,
            "1fr" if is_counting else "auto",
        ),
        pieces(
            _("Gain or loss"),
            lambda line: None if is_hidden or not line.last else line.difference,
        ),
        money(
            _("Value of it (yuan)"),
            lambda line: (
                None if is_hidden or not line.difference else line.difference * values[line.id]
            ),
            is_summed=not is_hidden,
        ),
        text(_("Reason"), lambda line: line.reason, "1.5fr"),
        text(_("How it is settled"), lambda _line: "", "1.5fr"),
    ]


def write_off_form(write_off: WriteOff, *, decision: str = "") -> Form:
    """Give the paper of a write-off (报损单)."""
    is_one_unit = have_one_unit(line.lot.item for line in write_off.lines)
    parts: list[Part[WriteOffLine]] = [
        *item_parts(lambda line: line.lot.item),
        text(_("Batch"), lambda line: line.lot.code, "1.3fr"),
        text(_("Expiry"), lambda line: _day(line.lot.expires_on)),
        text(_("Unit"), lambda line: line.lot.item.unit),
        pieces(_("Quantity"), lambda line: line.quantity, is_summed=is_one_unit),
        money(_("Unit price (yuan)"), lambda line: line.lot.unit_value),
        money(_("Amount (yuan)"), _lost_value, is_summed=True),
    ]
    columns, rows = table(parts, write_off.lines)
    return Form(
        title=str(DocumentKind.WRITE_OFF.label),
        number=_number(write_off),
        organization=write_off.organization.name,
        facts=_filled(
            (_("Date"), show_date(write_off.dated_on)),
            (_("Stock location"), write_off.location.name),
            (_("Cause"), str(write_off.cause.label)),
            (_("Prepared by"), write_off.prepared_by.name if write_off.prepared_by else ""),
            (_("State"), str(write_off.state.label)),
        ),
        columns=columns,
        rows=rows,
        signers=[
            _("Prepared by"),
            _("Stock keeper"),
            _("Approved by"),
            _("Supervised by"),
            _("Date signed"),
        ],
        amount=sum(_lost_value(line) for line in write_off.lines),
        remarks=_filled((_("Reason"), write_off.reason), (_("Approval"), decision)),
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _lost_value(line: WriteOffLine) -> int:
    return line.quantity * line.lot.unit_value


def _number(row: Numbered) -> str:
    return _("No. %(number)s", number=f"{row.year}-{row.number:04d}")


def _filled(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [fact for fact in facts if fact[1]]
