"""Goods that leave the stock for good, to a unit or a person that keeps no stock (出库单)."""

from collections.abc import Sequence
from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services.documents import new_document, post
from carecampaign.inventory.services.lines import Line
from carecampaign.inventory.services.locations import virtual_location
from carecampaign.inventory.services.reservations import Holder
from carecampaign.inventory.services.transfers import carry, terms_for


def issue_goods(  # noqa: PLR0913 - the columns of a goods-issue note
    source: StockLocation,
    lines: Sequence[Line],
    *,
    counterpart: str,
    receiver: str,
    purpose: str,
    by: Actor,
    campaign: Campaign | None = None,
    holder: Holder | None = None,
    dated_on: date | None = None,
    note: str = "",
) -> StockDocument:
    """Issue goods to a unit or person (``counterpart``); ``receiver`` signs for them there.

    What ``holder`` reserves at the source goes first. Raises NotEnoughStock, EarmarkBreach,
    NothingToMove.
    """
    issued = virtual_location(LocationKind.ISSUED)
    terms = terms_for(issued, campaign=campaign, holder=holder)
    posted, levels = carry(source, issued, lines, terms)
    document = new_document(
        DocumentKind.ISSUE,
        source,
        issued,
        campaign=campaign,
        dated_on=dated_on,
        counterpart=counterpart,
        receiver=receiver,
        purpose=purpose,
        note=note,
    )
    return post(document, posted, levels, action="inventory.issue_goods", by=by)
