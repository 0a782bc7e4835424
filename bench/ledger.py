"""A seeded generator of a stock ledger: pieces that travel from one warehouse to fifty others."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import ColumnElement, Insert, func, insert, literal, select, update

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.app import create_app
from carecampaign.catalogue.models import Item
from carecampaign.core import clock, settings
from carecampaign.core.db import UTCDateTime, db, transaction
from carecampaign.funds.models import FundKind, FundSource
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    DocumentCounter,
    DocumentKind,
    DocumentLine,
    DocumentState,
    Movement,
    StockDocument,
    StockLevel,
    StockLot,
)
from carecampaign.inventory.services import ReceiptLine
from carecampaign.organizations.models import Organization, OrganizationKind

SEED = 20_261_124
"""What travels where follows from it alone."""

PLACES, ITEMS = 50, 20
LINES = 10
"""Of each document."""

PRICE = 100
"""Fen apiece."""


@dataclass(frozen=True)
class Start:
    """What the generated rows refer to: the first id of each kind, or the only one."""

    union: int
    fund: int
    warehouse: int
    place: int
    item: int
    lot: int
    document: int
    line: int
    session_user: str


def make_app(url: str) -> Flask:
    """Give the application over the database at this URL, migrated."""
    environment = {"SECRET_KEY": "bench", "DATA_KEY": "bench", "DATABASE_URL": url}
    app = create_app(settings.from_environment(environment))
    with app.app_context():
        upgrade()
    return app


def seed_ledger(app: Flask, movements: int) -> str:
    """Let so many pieces travel, a movement each; give an administrator's session user.

    The goods come in through the services, the rest is inserted set by set.
    """
    with app.app_context():
        with transaction():
            start = _start(movements)
            for statement in _travels(start, movements):
                db.session.execute(statement)
            _balance(start)
        db.session.remove()
        db.engine.dispose()
    return start.session_user


def _start(movements: int) -> Start:
    union = Organization(
        name="Union", short_name="Union", kind=OrganizationKind.DISTRICT, path="", parent_id=None
    )
    db.session.add(union)
    db.session.flush()
    union.path = f"{union.id}/"
    keeper = User(
        username="keeper", name="Keeper", session_key="bench", password_hash=None,
        phone=None, email=None, grants=[RoleGrant(role=Role.ADMINISTRATOR, organization=union)],
    )  # fmt: skip
    fund = FundSource(organization=union, name="Fund", kind=FundKind.OWN_BUDGET)
    items = [
        Item(code=f"I{number}", name=f"Item {number}", spec="", unit="件")
        for number in range(ITEMS)
    ]
    db.session.add_all([keeper, fund, *items])
    db.session.flush()
    warehouse, *places = [
        inventory.create_warehouse(f"Place {number:02}", organization=union, by=SYSTEM)
        for number in range(PLACES + 1)
    ]
    note = inventory.receive_goods(
        warehouse,
        [ReceiptLine(item, movements, PRICE) for item in items],
        fund_source=fund,
        is_donated=False,
        counterpart="Supplier",
        dated_on=clock.today(),
        by=SYSTEM,
    )
    return Start(
        union=union.id,
        fund=fund.id,
        warehouse=warehouse.id,
        place=places[0].id,
        item=items[0].id,
        lot=db.session.scalars(select(func.min(StockLot.lot_id))).one(),
        document=note.id + 1,
        line=note.lines[-1].id + 1,
        session_user=f"{keeper.id}.{keeper.session_key}",
    )


def _travels(start: Start, movements: int) -> Iterator[Insert]:
    """Give the inserts of the documents, of their lines, and of the movements behind them.

    Every document goes to one place, every line takes one item: the first thousand movements
    reach each item at each place, so that balances are as many however many follow.
    """
    documents, day = movements // LINES, clock.today()
    document = _numbers(documents)
    yield insert(StockDocument).from_select(
        [
            "id",
            "kind",
            "state",
            "organization_id",
            "year",
            "number",
            "dated_on",
            "source_id",
            "target_id",
        ],
        select(
            start.document + document,
            literal(DocumentKind.RETURN, StockDocument.kind.type),
            literal(DocumentState.POSTED, StockDocument.state.type),
            literal(start.union),
            literal(day.year),
            document + 1,
            literal(day),
            literal(start.warehouse),
            start.place + (document + SEED) % PLACES,
        ),
    )
    number = _numbers(movements)
    item = (number + number // (PLACES * LINES) * LINES + SEED) % ITEMS
    yield insert(DocumentLine).from_select(
        ["id", "document_id", "item_id", "quantity"],
        select(
            start.line + number,
            start.document + number // LINES,
            start.item + item,
            literal(1),
        ),
    )
    yield insert(Movement).from_select(
        [
            "recorded_at",
            "document_line_id",
            "item_id",
            "lot_id",
            "source_id",
            "target_id",
            "quantity",
            "value",
            "fund_source_id",
        ],
        select(
            literal(clock.now(), UTCDateTime()),
            start.line + number,
            start.item + item,
            start.lot + item,
            literal(start.warehouse),
            start.place + (number // LINES + SEED) % PLACES,
            literal(1),
            literal(PRICE),
            literal(start.fund),
        ),
    )
    yield insert(DocumentCounter).values(
        organization_id=start.union, year=day.year, kind=DocumentKind.RETURN, last=documents
    )


def _numbers(many: int) -> ColumnElement[int]:
    """Give 0, 1, 2 … as the column of a table."""
    counted = select(literal(0).label("number")).cte("counted", recursive=True)
    return counted.union_all(
        select(counted.c.number + 1).where(counted.c.number + 1 < many)
    ).c.number


def _balance(start: Start) -> None:
    """Let the balances say what the movements say."""
    has_travelled = Movement.source_id == start.warehouse
    pieces = func.sum(Movement.quantity)
    for model, key in ((StockLevel, ["item_id"]), (StockLot, ["item_id", "lot_id"])):
        columns = [getattr(Movement, name) for name in key]
        came = select(Movement.target_id, *columns, pieces).where(has_travelled)
        db.session.execute(
            insert(model).from_select(
                ["location_id", *key, "on_hand"], came.group_by(Movement.target_id, *columns)
            )
        )
        went = select(pieces).where(has_travelled, Movement.item_id == model.item_id)
        db.session.execute(
            update(model)
            .where(model.location_id == start.warehouse)
            .values(on_hand=model.on_hand - went.scalar_subquery())
            .execution_options(synchronize_session=False)
        )
