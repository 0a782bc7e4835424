"""Documents against the movements behind them, and their numbers."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    DocumentState,
    LotContent,
    Movement,
    StockDocument,
    StockLevel,
    StockLocation,
)
from carecampaign.inventory.services.locations import ASSEMBLY
from carecampaign.inventory.services.verification.comparing import MOST, AnySelect, compared
from carecampaign.inventory.words import document_number

_ASSEMBLIES = (DocumentKind.ASSEMBLY, DocumentKind.DISASSEMBLY)
_sign = case((Movement.target_id == ASSEMBLY, 1), else_=-1)


def _at_assembly(*columns: Any) -> AnySelect:  # noqa: ANN401 - whatever can be selected
    return (
        select(*columns)
        .join(DocumentLine, DocumentLine.id == Movement.document_line_id)
        .join(StockDocument, StockDocument.id == DocumentLine.document_id)
        .where(
            or_(Movement.source_id == ASSEMBLY, Movement.target_id == ASSEMBLY),
            StockDocument.kind.in_(_ASSEMBLIES),
        )
    )


def assemblies_keep_value() -> Iterator[str]:
    """What goes into an assembly is worth what comes out of it."""
    difference = func.sum(Movement.value * _sign)
    rows = db.session.execute(
        _at_assembly(StockDocument.id, difference)
        .group_by(StockDocument.id)
        .having(difference != 0)
        .order_by(StockDocument.id)
        .limit(MOST)
    )
    for document_id, fen in rows:
        yield _(
            "%(organization)s, %(document)s: contents and packages differ by %(fen)s fen.",
            **_names(document_id),
            fen=fen,
        )


def assemblies_keep_contents() -> Iterator[str]:
    """As many pieces go in (or come out) as are noted with the lots of the packages."""
    pieces = func.sum(Movement.quantity * _sign).label("pieces")
    columns = StockDocument.id.label("document_id"), StockDocument.kind, Movement.lot_id
    flows = (
        _at_assembly(*columns, Movement.item_id, pieces)
        .group_by(StockDocument.id, StockDocument.kind, Movement.lot_id, Movement.item_id)
        .cte()
    )
    # Assembling takes packages out of the virtual location, taking apart puts them in.
    is_package = (flows.c.kind == DocumentKind.ASSEMBLY) == (flows.c.pieces < 0)
    went = select(flows.c.document_id, flows.c.item_id, flows.c.pieces.label("figure"))
    held = (
        select(
            flows.c.document_id,
            LotContent.item_id,
            (-flows.c.pieces * LotContent.quantity).label("figure"),
        )
        .join(LotContent, LotContent.lot_id == flows.c.lot_id)
        .where(is_package)
    )
    both = compared(held, went.where(~is_package), "document_id", "item_id")
    rows = db.session.execute(
        select(both.c.document_id, Item.name.label("item"), both.c.held, both.c.moved)
        .join(Item, Item.id == both.c.item_id)
        .where(both.c.held != both.c.moved)
        .order_by(both.c.document_id, Item.id)
        .limit(MOST)
    )
    for document_id, item, held, moved in rows:
        yield _(
            "%(organization)s, %(document)s: its packages hold %(held)s of %(item)s,"
            " but %(moved)s moved.",
            **_names(document_id),
            item=item,
            held=held,
            moved=moved,
        )


def transit_is_what_is_under_way() -> Iterator[str]:
    """What is in transit to a place is what the transfers on their way there say."""
    in_transit = (
        select(StockLevel.location_id, StockLevel.item_id, StockLevel.on_hand.label("figure"))
        .join(StockLocation, StockLocation.id == StockLevel.location_id)
        .where(StockLocation.destination_id.is_not(None))
    )
    transit = aliased(StockLocation)
    under_way = (
        select(
            transit.id.label("location_id"),
            DocumentLine.item_id,
            DocumentLine.quantity.label("figure"),
        )
        .join(StockDocument, StockDocument.id == DocumentLine.document_id)
        .join(transit, transit.destination_id == StockDocument.target_id)
        .where(StockDocument.state == DocumentState.IN_TRANSIT)
    )
    both = compared(in_transit, under_way, "location_id", "item_id")
    rows = db.session.execute(
        select(
            StockLocation.name.label("place"), Item.name.label("item"), both.c.held, both.c.moved
        )
        .join(StockLocation, StockLocation.id == both.c.location_id)
        .join(Item, Item.id == both.c.item_id)
        .where(both.c.held != both.c.moved)
        .order_by(StockLocation.id, Item.id)
        .limit(MOST)
    )
    for row in rows.mappings():
        yield _(
            "%(place)s, %(item)s: %(held)s in transit, but the transfers under way say %(moved)s.",
            **row,
        )


def arrivals_are_what_lines_say() -> Iterator[str]:
    """What arrived of a transfer's line came into its target."""
    came = func.coalesce(func.sum(Movement.quantity), 0)
    arrival = and_(
        Movement.document_line_id == DocumentLine.id,
        Movement.target_id == StockDocument.target_id,
        Movement.lot_id.is_not(None),
    )
    rows = db.session.execute(
        select(StockDocument.id, DocumentLine.received, came)
        .join(DocumentLine, DocumentLine.document_id == StockDocument.id)
        .outerjoin(Movement, arrival)
        .where(StockDocument.state == DocumentState.RECEIVED)
        .group_by(StockDocument.id, DocumentLine.id, DocumentLine.received)
        .having(came != func.coalesce(DocumentLine.received, -1))
        .order_by(StockDocument.id)
        .limit(MOST)
    )
    for document_id, received, moved in rows:
        yield _(
            "%(organization)s, %(document)s: %(received)s arrived on a line, but %(moved)s moved.",
            **_names(document_id),
            received=received,
            moved=moved,
        )


def reversed_documents_are_reversed_wholly() -> Iterator[str]:
    """A document is marked as reversed when, and only when, each of its movements is."""
    # From the few that are reversed, so that the many others need not be looked at.
    reversal = aliased(Movement)
    is_marked = StockDocument.state == DocumentState.REVERSED
    not_wholly = (
        _with_movements()
        .outerjoin(reversal, reversal.reverses_id == Movement.id)
        .where(is_marked, reversal.id.is_(None))
    )
    not_marked = (
        _with_movements()
        .join(reversal, reversal.reverses_id == Movement.id)
        .where(reversal.reverses_id.is_not(None), ~is_marked)
    )
    found = not_wholly.union(not_marked).subquery()
    documents = db.session.scalars(select(found.c.id).order_by(found.c.id).limit(MOST))
    for document_id in documents:
        yield _(
            "%(organization)s, %(document)s: its state and the reversals of its movements"
            " disagree.",
            **_names(document_id),
        )


def _with_movements() -> AnySelect:
    return (
        select(StockDocument.id)
        .join(DocumentLine, DocumentLine.document_id == StockDocument.id)
        .join(Movement, Movement.document_line_id == DocumentLine.id)
    )


def _names(document_id: int) -> dict[str, str]:
    document = db.session.get_one(StockDocument, document_id)
    return {
        "organization": document.organization.name,
        "document": document_number(document),
    }
