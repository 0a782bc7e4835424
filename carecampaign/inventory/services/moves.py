"""Movements as values, before and while they are posted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable
from sqlalchemy.engine import CursorResult

from carecampaign.core.db import current_connection
from carecampaign.core.hot import run, run_many
from carecampaign.inventory.services import statements


class Portion(NamedTuple):
    """Pieces of one lot (None: nobody knows which), and their value in fen for all of them."""

    lot_id: int | None
    quantity: int
    value: int
    fund_source_id: int | None


class Move(NamedTuple):
    """A movement to be posted."""

    item_id: int
    source_id: int
    target_id: int
    portion: Portion
    reverses_id: int | None = None

    @property
    def is_known(self) -> bool:
        return self.portion.lot_id is not None


class Flow(NamedTuple):
    """Pieces of an item that go from one location to another, whatever their lots."""

    item_id: int
    source_id: int
    target_id: int
    quantity: int


def slice_of(rows: Iterable[Any], start: int, stop: int) -> list[Portion]:
    """Give the pieces from ``start`` to ``stop`` of those of portions, or movements, in a row."""
    portions = []
    position = 0
    for row in rows:
        pieces = min(stop, position + row.quantity) - max(start, position)
        position += row.quantity
        if pieces > 0:
            value = row.value // row.quantity * pieces
            portions.append(Portion(row.lot_id, pieces, value, row.fund_source_id))
    return portions


def flow_of(move: Move) -> Flow:
    """Give a move without its lot."""
    return Flow(move.item_id, move.source_id, move.target_id, move.portion.quantity)


def mirror(row: Any) -> Move:  # noqa: ANN401 - a row of the movement table
    """Give the move that takes back a movement."""
    portion = Portion(row.lot_id, row.quantity, row.value, row.fund_source_id)
    return Move(row.item_id, row.target_id, row.source_id, portion, reverses_id=row.id)


def add_to_line(line_id: int, moves: Iterable[Move], *, recorded_at: datetime) -> None:
    """Post the movements of a document's line."""
    _insert([row_of(move, recorded_at, line_id=line_id) for move in moves])


def add_to_handout(handout_id: UUID, moves: Iterable[Move], *, recorded_at: datetime) -> None:
    """Post the movements of a handout."""
    _insert([row_of(move, recorded_at, handout_id=handout_id) for move in moves])


def add_to_handouts(moves: Iterable[tuple[UUID, Move]], *, recorded_at: datetime) -> None:
    """Post the movements of many handouts, each with the id of its own."""
    rows = [row_of(move, recorded_at, handout_id=handout_id) for handout_id, move in moves]
    run_many(statements.INSERT_MOVEMENT, rows)


def row_of(
    move: Move,
    recorded_at: datetime,
    *,
    line_id: int | None = None,
    handout_id: UUID | None = None,
) -> dict[str, Any]:
    """Give a move as its row: of a document's line, or of a handout."""
    return {
        "moved_recorded_at": recorded_at,
        "moved_document_line_id": line_id,
        "moved_handout_id": handout_id,
        "moved_item_id": move.item_id,
        "moved_lot_id": move.portion.lot_id,
        "moved_source_id": move.source_id,
        "moved_target_id": move.target_id,
        "moved_quantity": move.portion.quantity,
        "moved_value": move.portion.value,
        "moved_fund_source_id": move.portion.fund_source_id,
        "moved_reverses_id": move.reverses_id,
    }


def _insert(rows: Sequence[dict[str, Any]]) -> None:
    # One row is the handout of a tap: not worth the driver's set-up for many.
    if len(rows) == 1:
        run(statements.INSERT_MOVEMENT, rows[0])
    elif rows:
        current_connection().execute(statements.INSERT_MOVEMENT, rows)


def execute(statement: Executable, **values: Any) -> CursorResult[Any]:  # noqa: ANN401
    """Run one statement of the ledger, past the session's bookkeeping."""
    return current_connection().execute(statement, values)
