"""The ledger of a place: what came and went, with the balance of each item after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, case, func, literal_column, or_, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Figure, Listing, Moment, Yuan
from carecampaign.inventory.models import Movement, StockDocument, StockLevel, StockLocation
from carecampaign.inventory.queries.pages import documents_of, fund_names_of, places_for
from carecampaign.inventory.words import document_number, place_name

_CHANGE = literal_column("ledger.change", Integer)
_BALANCE = literal_column("ledger.balance", Integer)
_VALUE_IN = case((_CHANGE > 0, Movement.value), else_=0)
_VALUE_OUT = case((_CHANGE < 0, Movement.value), else_=0)


@dataclass(frozen=True)
class LedgerRow:
    """A movement as its place sees it: pieces in (+) or out (−), and the balance after it.

    ``document`` is None for a handout.
    """

    movement: Movement
    change: int
    balance: int
    document: StockDocument | None
    other_place: str
    fund_source: str

    @property
    def document_name(self) -> str:
        return _("Handout") if self.document is None else document_number(self.document)

    @property
    def came(self) -> int | None:
        return self.change if self.change > 0 else None

    @property
    def went(self) -> int | None:
        return -self.change if self.change < 0 else None


LEDGER: Listing[LedgerRow] = Listing(
    _l("Location ledger"),
    (
        Moment("recorded", _l("Recorded"), lambda row: row.movement.recorded_at, Movement.id),
        Column("document", _l("Document"), lambda row: row.document_name),
        Column("item", _l("Item"), lambda row: row.movement.item.name, Item.name),
        Column("unit", _l("Unit"), lambda row: row.movement.item.unit),
        Column(
            "batch",
            _l("Batch"),
            lambda row: row.movement.lot.code if row.movement.lot else _("unknown"),
        ),
        Column("other_place", _l("From or to"), lambda row: row.other_place),
        Figure("came", _l("In"), lambda row: row.came),
        Figure("went", _l("Out"), lambda row: row.went),
        Figure("balance", _l("Balance"), lambda row: row.balance),
        Yuan(
            "value_in",
            _l("Value in"),
            lambda row: row.movement.value if row.change > 0 else None,
            _VALUE_IN,
        ),
        Yuan(
            "value_out",
            _l("Value out"),
            lambda row: row.movement.value if row.change < 0 else None,
            _VALUE_OUT,
        ),
        Column("fund_source", _l("Fund source"), lambda row: row.fund_source, optional=True),
    ),
    order=(Movement.id,),
)


_COLUMNS: tuple[Any, ...] = (Movement, _CHANGE, _BALANCE)


def ledger_of(
    location: StockLocation,
    *,
    item_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Select[Any]:
    """Select a place's movements in the order they were posted, with running balances.

    The balance counts from the first movement on, whatever the period; so it costs as much as
    the place (and item) ever had movements. ``ledger_rows`` makes rows of it.
    """
    change = case((Movement.target_id == location.id, Movement.quantity), else_=-Movement.quantity)
    balance = func.sum(change).over(partition_by=Movement.item_id, order_by=Movement.id)
    touching = select(Movement.id, change.label("change"), balance.label("balance")).where(
        or_(Movement.source_id == location.id, Movement.target_id == location.id)
    )
    if item_id is not None:
        touching = touching.where(Movement.item_id == item_id)
    ledger = touching.subquery("ledger")
    statement = (
        select(*_COLUMNS)
        .join(ledger, ledger.c.id == Movement.id)
        .join(Item, Item.id == Movement.item_id)
        .options(
            joinedload(Movement.item),
            joinedload(Movement.lot),
            joinedload(Movement.source),
            joinedload(Movement.target),
        )
    )
    if since is not None:
        statement = statement.where(Movement.recorded_at >= clock.start_of(since))
    if until is not None:
        statement = statement.where(Movement.recorded_at < clock.end_of(until))
    return statement


def ledger_rows(actor: Actor, found: Sequence[Any]) -> list[LedgerRow]:
    """Give the rows of what ``ledger_of`` selected, with what they name."""
    movements = [movement for movement, _change, _balance in found]
    documents, funds = documents_of(movements), fund_names_of(movements)
    ends = [end for row in movements for end in (row.source, row.target)]
    destinations = places_for(actor, ends).destinations
    return [
        LedgerRow(
            movement,
            int(change),
            int(balance),
            documents.get(movement.document_line_id or 0),
            place_name(movement.source if change > 0 else movement.target, destinations),
            funds.get(movement.fund_source_id or 0, ""),
        )
        for movement, change, balance in found
    ]


def items_ever_at(location: StockLocation) -> list[tuple[int, str]]:
    """Give the items that a place has or had, by name."""
    rows = db.session.execute(
        select(Item.id, Item.name)
        .join(StockLevel, StockLevel.item_id == Item.id)
        .where(StockLevel.location_id == location.id)
        .order_by(Item.name, Item.id)
    )
    return [(row.id, row.name) for row in rows]
