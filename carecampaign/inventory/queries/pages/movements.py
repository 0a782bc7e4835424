"""Movements as lists, as an item's history, and as an export."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import (
    PAGE_SIZE,
    Column,
    Figure,
    Listing,
    Moment,
    Page,
    Yuan,
    count_and_sum,
    page_within,
)
from carecampaign.funds.models import FundSource
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    Movement,
    StockDocument,
)
from carecampaign.inventory.queries.contents import ITEM_ID, PIECES, WORTH, as_items
from carecampaign.inventory.queries.locations import ids_seen_by
from carecampaign.inventory.queries.movements import HistoryEntry, movements_for
from carecampaign.inventory.queries.pages.places import COUNTABLE, Places, places_for
from carecampaign.inventory.words import document_number, place_name

HANDOUT = "handout"
"""What a movement belongs to that belongs to no document."""

_NUMBER = re.compile(r"(?:(\d{4})[-/])?(\d{1,9})$")


@dataclass(frozen=True)
class MovementFilters:
    """What the movements are narrowed to; the period is of local dates, both included.

    ``number`` is a document's, with or without its year: 2026-0007, 7. ``by_items`` gives a row
    for each item in the packages that moved.
    """

    item: int | None = None
    location: int | None = None
    kind: DocumentKind | str | None = None
    since: date | None = None
    until: date | None = None
    number: str = ""
    by_items: bool = False


def movements_matching(actor: Actor, filters: MovementFilters) -> Select[Any]:
    """Select the movements that match (to paginate), newest first."""
    if filters.by_items:
        statement = as_items(movements_for(actor, location_id=filters.location))
        statement = statement.join(Item, Item.id == ITEM_ID).add_columns(Item, PIECES, WORTH)
        if filters.item is not None:
            statement = statement.where(Item.id == filters.item)
    else:
        statement = movements_for(actor, location_id=filters.location, item_id=filters.item)
    if filters.kind == HANDOUT:
        statement = statement.where(Movement.handout_id.is_not(None))
    wanted = _document_conditions(filters)
    if wanted:
        lines = (
            select(DocumentLine.id)
            .join(StockDocument, StockDocument.id == DocumentLine.document_id)
            .where(*wanted)
        )
        statement = statement.where(Movement.document_line_id.in_(lines))
    if filters.since is not None:
        statement = statement.where(Movement.recorded_at >= clock.start_of(filters.since))
    if filters.until is not None:
        statement = statement.where(Movement.recorded_at < clock.end_of(filters.until))
    return statement


def _document_conditions(filters: MovementFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind not in {None, HANDOUT}:
        conditions.append(StockDocument.kind == filters.kind)
    found = _NUMBER.search(filters.number)
    if found is not None:
        year, number = found.groups()
        conditions.append(StockDocument.number == int(number))
        if year is not None:
            conditions.append(StockDocument.year == int(year))
    return conditions


@dataclass(frozen=True)
class MovementRow:
    """A movement with what it takes to name its paper, its ends and its fund source.

    Item, pieces and value (fen) are its own, or those of one item in the packages that moved.
    """

    movement: Movement
    paper: StockDocument | None
    places: Places
    fund: str
    item: Item
    quantity: int
    value: int

    @property
    def paper_name(self) -> str:
        return _("Handout") if self.paper is None else document_number(self.paper)


_ITEM = select(Item.name).where(Item.id == Movement.item_id).correlate(Movement).scalar_subquery()


def _listing(item: Any, quantity: Any, value: Any, *order: Any) -> Listing[MovementRow]:  # noqa: ANN401 - columns
    """Declare the list of movements as they are, or by item: it is sorted by these."""
    return Listing(
        _l("Movements"),
        (
            Moment(
                "recorded",
                _l("Recorded"),
                lambda row: row.movement.recorded_at,
                Movement.recorded_at,
            ),
            Column("document", _l("Document"), lambda row: row.paper_name),
            Column("item", _l("Item"), lambda row: row.item.name, item),
            Column(
                "batch", _l("Batch"), lambda row: row.movement.lot.code if row.movement.lot else ""
            ),
            Column(
                "source",
                _l("Source"),
                lambda row: place_name(row.movement.source, row.places.destinations),
            ),
            Column(
                "target",
                _l("Destination"),
                lambda row: place_name(row.movement.target, row.places.destinations),
            ),
            Figure("quantity", _l("Quantity"), lambda row: row.quantity, quantity),
            Yuan("value", _l("Value"), lambda row: row.value, value),
            Column("fund", _l("Fund source"), lambda row: row.fund),
        ),
        order=(Movement.id.desc(), *order),
        countable=COUNTABLE,
    )


MOVEMENTS = _listing(_ITEM, Movement.quantity, Movement.value)
MOVEMENTS_OF_ITEMS = _listing(Item.name, PIECES, WORTH, Item.id)


def movement_rows(actor: Actor, movements: Sequence[Movement]) -> list[MovementRow]:
    """Give movements as rows of the list."""
    found = [(row, row.item, row.quantity, row.value) for row in movements]
    return movement_rows_of_items(actor, found)


def movement_rows_of_items(actor: Actor, found: Sequence[Any]) -> list[MovementRow]:
    """Give movements as rows of the list, each with an item, its pieces and their value."""
    movements = [row[0] for row in found]
    papers, funds = documents_of(movements), fund_names_of(movements)
    places = places_for(actor, [end for row in movements for end in (row.source, row.target)])
    return [
        MovementRow(
            row,
            papers.get(row.document_line_id or 0),
            places,
            funds.get(row.fund_source_id or 0, ""),
            item,
            int(quantity),
            int(value),
        )
        for row, item, quantity, value in found
    ]


def documents_of(movements: Iterable[Movement]) -> dict[int, StockDocument]:
    """Give the documents behind movements, by the id of the line."""
    lines = {row.document_line_id for row in movements if row.document_line_id is not None}
    rows = db.session.execute(
        select(DocumentLine.id, StockDocument)
        .join(StockDocument, StockDocument.id == DocumentLine.document_id)
        .where(DocumentLine.id.in_(lines))
    )
    return {line_id: document for line_id, document in rows}  # noqa: C416 - dict() cannot type rows


def fund_names_of(movements: Iterable[Movement]) -> dict[int, str]:
    """Give the names of the fund sources of movements, by their ids."""
    ids = {row.fund_source_id for row in movements if row.fund_source_id is not None}
    rows = db.session.execute(select(FundSource.id, FundSource.name).where(FundSource.id.in_(ids)))
    return {row.id: row.name for row in rows}


def history_over_all(actor: Actor, item: Item, *, page: int) -> Page[HistoryEntry]:
    """Give an item's movements over all places the actor sees, newest first.

    The balance is what those places, and the ways between them, hold together; a movement
    from one of them to another changes nothing.
    """
    statement = movements_for(actor, item_id=item.id).options(joinedload(Movement.line))
    total, _sums = count_and_sum(statement)
    number = page_within(total, page=page, size=PAGE_SIZE)
    rows = db.session.scalars(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    change = _change_over(ids_seen_by(actor))
    balance = _balance_at(item, change, rows[0].id) if rows else 0
    changes: dict[int, int] = {
        row.id: row.change
        for row in db.session.execute(
            select(Movement.id, change.label("change")).where(
                Movement.id.in_([row.id for row in rows])
            )
        )
    }
    entries = []
    for row in rows:
        entries.append(HistoryEntry(row, changes[row.id], balance))
        balance -= changes[row.id]
    return Page(items=entries, number=number, size=PAGE_SIZE, total=total)


def _change_over(seen: Select[Any]) -> ColumnElement[int]:
    comes = case((Movement.target_id.in_(seen), Movement.quantity), else_=0)
    goes = case((Movement.source_id.in_(seen), Movement.quantity), else_=0)
    return comes - goes


def _balance_at(item: Item, change: ColumnElement[int], movement_id: int) -> int:
    return int(
        db.session.scalar(
            select(func.sum(change)).where(Movement.item_id == item.id, Movement.id <= movement_id)
        )
        or 0
    )
