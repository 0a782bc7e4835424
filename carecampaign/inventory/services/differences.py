"""What a count finds: fewer or more pieces than the books say."""

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services import shortage_statements
from carecampaign.inventory.services.balances import (
    Key,
    change_level,
    change_levels,
    put_lots,
)
from carecampaign.inventory.services.batches import found_at
from carecampaign.inventory.services.documents import PostedLine, new_document, post
from carecampaign.inventory.services.errors import NothingToMove
from carecampaign.inventory.services.lines import Line
from carecampaign.inventory.services.locations import LOSS, virtual_location
from carecampaign.inventory.services.moves import Move, Portion, execute, flow_of
from carecampaign.inventory.services.picking import take_lots
from carecampaign.inventory.services.reservations import release_beyond
from carecampaign.inventory.services.settlement import unknown_at
from carecampaign.inventory.services.transfers import carry


def post_difference(
    location: StockLocation,
    item: Item,
    difference: int,
    *,
    reason: str,
    by: Actor,
    campaign: Campaign | None = None,
) -> StockDocument:
    """Bring the books to a count: so many pieces fewer (negative) or more than they say.

    Fewer than are reserved release the latest reservations. Pieces that turn up are booked as
    the latest lot that was here. Raises NotEnoughStock when the place holds fewer than miss,
    NothingToMove for no difference, NotAllocatable when the item was never received anywhere.
    """
    loss = virtual_location(LocationKind.LOSS)
    if difference < 0:
        make_room(location, item, -difference, by=by)
        lines, levels = carry(location, loss, [Line(item, -difference)])
        ends = (location, loss)
    elif difference > 0:
        move = Move(item.id, LOSS, location.id, found_at(location, item, difference))
        levels = change_levels([flow_of(move)])
        put_lots([move])
        lines = [PostedLine(item, difference, [move])]
        ends = (loss, location)
    else:
        raise NothingToMove
    document = new_document(DocumentKind.DIFFERENCE, *ends, campaign=campaign, note=reason)
    return post(document, lines, levels, action="inventory.post_difference", by=by)


def make_room(location: StockLocation, item: Item, missing: int, *, by: Actor) -> None:
    """Release the latest reservations that pieces which are gone were kept for."""
    on_hand = change_level((location.id, item.id)).on_hand
    if missing <= on_hand:
        release_beyond(location, item, on_hand - missing, by=by)


def set_aside_unexplained(
    location: StockLocation,
    item: Item,
    quantity: int,
    *,
    reason: str,
    by: Actor,
    campaign: Campaign | None = None,
) -> None:
    """Note that pieces are not there, to be explained later; nothing is posted yet.

    A handout logged late draws on them. Fewer than are reserved release the latest
    reservations. Raises NotEnoughStock when the books hold fewer.
    """
    if quantity < 1:
        raise NothingToMove
    make_room(location, item, quantity, by=by)
    key = (location.id, item.id)
    change_level(key, on_hand=-quantity, unexplained=quantity)
    take_lots(key, quantity)
    audit.record(
        "inventory.set_aside_unexplained",
        location,
        by=by,
        name=location.name,
        path=location.organization.path if location.organization else "",
        changes={
            "item": item.name,
            "quantity": quantity,
            "reason": reason,
            "campaign": campaign.name if campaign else None,
        },
    )


def settle_unexplained(
    location: StockLocation,
    item: Item,
    *,
    reason: str,
    by: Actor,
    campaign: Campaign | None = None,
) -> StockDocument:
    """Close what stayed unexplained at a place, when nothing more is to come.

    Pieces that were set aside are written off as lost; pieces handed out beyond the books are
    booked in as found. Raises NothingToMove when nothing is unexplained.
    """
    loss = virtual_location(LocationKind.LOSS)
    key = (location.id, item.id)
    unexplained = change_level(key).unexplained
    if unexplained > 0:
        portions, ends = _set_aside(key, unexplained), (location, loss)
    elif unexplained < 0:
        portions, ends = [unknown_at(key).share(-unexplained)], (loss, location)
    else:
        raise NothingToMove
    change_level(key, unexplained=-unexplained)
    moves = [Move(item.id, ends[0].id, ends[1].id, portion) for portion in portions]
    document = new_document(DocumentKind.DIFFERENCE, *ends, campaign=campaign, note=reason)
    lines = [PostedLine(item, abs(unexplained), moves)]
    return post(document, lines, {}, action="inventory.settle_unexplained", by=by)


def _set_aside(key: Key, quantity: int) -> list[Portion]:
    """Give so many of the pieces that the movements hold here and the lots do not."""
    portions = []
    for row in execute(shortage_statements.SET_ASIDE_LOTS, location=key[0], item=key[1]).all():
        pieces = min(row.quantity, quantity)
        if pieces:
            portions.append(
                Portion(row.lot_id, pieces, pieces * row.unit_value, row.fund_source_id)
            )
        quantity -= pieces
    if quantity:  # a handout that was settled as found, then taken back
        portions.append(unknown_at(key).share(quantity))
    return portions
