"""Goods that come in from outside, bought or donated."""

from collections.abc import Sequence
from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import ItemKind
from carecampaign.catalogue.queries import find_version_of
from carecampaign.core.db import db
from carecampaign.funds.models import Earmark, FundSource
from carecampaign.inventory.models import (
    DocumentKind,
    InspectionResult,
    LocationKind,
    Lot,
    LotShare,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services.balances import change_levels, put_lots
from carecampaign.inventory.services.contents import (
    bill_of,
    kept_with_lot,
    weights_by_reference,
)
from carecampaign.inventory.services.documents import PostedLine, new_document, post
from carecampaign.inventory.services.errors import EarmarkOfAnotherSource
from carecampaign.inventory.services.lines import ReceiptLine, require_quantities, require_values
from carecampaign.inventory.services.locations import virtual_location
from carecampaign.inventory.services.moves import Move, Portion, flow_of


def receive_goods(  # noqa: PLR0913 - the columns of a goods-received note
    target: StockLocation,
    lines: Sequence[ReceiptLine],
    *,
    fund_source: FundSource,
    is_donated: bool,
    counterpart: str,
    dated_on: date,
    invoice_number: str = "",
    campaign: Campaign | None = None,
    inspection: InspectionResult | None = None,
    delivered_by: str = "",
    inspected_by: str = "",
    note: str = "",
    earmark: Earmark | None = None,
    by: Actor,
) -> StockDocument:
    """Take goods into a place's stock, each line as a lot of its own.

    ``counterpart`` is the supplier or the donor; without an ``earmark`` the goods are for the
    general use of their source. Raises NothingToMove or ValueOutOfBounds for lines that cannot
    be, EarmarkOfAnotherSource.
    """
    require_quantities(lines)
    require_values(lines)
    if earmark is not None and earmark.fund_source_id != fund_source.id:
        raise EarmarkOfAnotherSource
    source = virtual_location(LocationKind.DONOR if is_donated else LocationKind.SUPPLIER)
    day = f"{dated_on:%Y%m%d}"
    lots = [_lot_of(line, day, fund_source, earmark, is_donated=is_donated) for line in lines]
    _note_contents(lines, lots)
    db.session.add_all(lots)
    db.session.flush()
    moves = [
        Move(lot.item_id, source.id, target.id, _whole_of(lot, line.quantity))
        for lot, line in zip(lots, lines, strict=True)
    ]
    levels = change_levels(map(flow_of, moves))
    put_lots(moves)
    document = new_document(
        DocumentKind.RECEIPT,
        source,
        target,
        campaign=campaign,
        dated_on=dated_on,
        counterpart=counterpart,
        invoice_number=invoice_number,
        inspection=inspection,
        delivered_by=delivered_by,
        inspected_by=inspected_by,
        note=note,
    )
    posted = [_posted(line, move) for line, move in zip(lines, moves, strict=True)]
    return post(document, posted, levels, action="inventory.receive_goods", by=by)


def _lot_of(
    line: ReceiptLine,
    day: str,
    fund_source: FundSource,
    earmark: Earmark | None,
    *,
    is_donated: bool,
) -> Lot:
    return Lot(
        item_id=line.item.id,
        code=line.lot_code or day,
        unit_value=line.unit_value,
        fund_source_id=fund_source.id,
        is_donated=is_donated,
        expires_on=line.expires_on,
        earmark=earmark,
        shares=[LotShare(fund_source=fund_source, earmark=earmark, value=line.unit_value)],
    )


def _note_contents(lines: Sequence[ReceiptLine], lots: Sequence[Lot]) -> None:
    """Packages that come in hold what their bill says."""
    for line, lot in zip(lines, lots, strict=True):
        version = find_version_of(line.item) if line.item.kind is ItemKind.PACKAGE else None
        if version is not None:
            bill = bill_of(version)
            lot.contents = kept_with_lot(bill, lot.unit_value, weights_by_reference(bill))


def _posted(line: ReceiptLine, move: Move) -> PostedLine:
    return PostedLine(
        line.item,
        line.quantity,
        [move],
        ordered=line.ordered,
        reason=line.difference_reason,
    )


def _whole_of(lot: Lot, quantity: int) -> Portion:
    return Portion(lot.id, quantity, quantity * lot.unit_value, lot.fund_source_id)
