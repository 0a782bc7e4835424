"""Goods that come in from outside, bought or donated."""

from collections.abc import Sequence
from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.funds.models import FundSource
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    Lot,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services.balances import change_levels, put_lots
from carecampaign.inventory.services.documents import PostedLine, new_document, post
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
    note: str = "",
    by: Actor,
) -> StockDocument:
    """Take goods into a place's stock, each line as a lot of its own.

    ``counterpart`` is the supplier or the donor. Raises NothingToMove or ValueOutOfBounds for
    lines that cannot be.
    """
    require_quantities(lines)
    require_values(lines)
    source = virtual_location(LocationKind.DONOR if is_donated else LocationKind.SUPPLIER)
    lots = [
        Lot(
            item_id=line.item.id,
            code=line.lot_code or f"{dated_on:%Y%m%d}",
            unit_value=line.unit_value,
            fund_source_id=fund_source.id,
            is_donated=is_donated,
            expires_on=line.expires_on,
        )
        for line in lines
    ]
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
        note=note,
    )
    posted = [
        PostedLine(line.item, line.quantity, [move])
        for line, move in zip(lines, moves, strict=True)
    ]
    return post(document, posted, levels, action="inventory.receive_goods", by=by)


def _whole_of(lot: Lot, quantity: int) -> Portion:
    return Portion(lot.id, quantity, quantity * lot.unit_value, lot.fund_source_id)
