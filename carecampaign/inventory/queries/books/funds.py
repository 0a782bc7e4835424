"""Whose money the stock is: what came in for each fund source, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, case, func, literal, literal_column, select, union_all

from carecampaign.core import clock
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing, Yuan
from carecampaign.funds.models import FundSource
from carecampaign.inventory.models import LocationKind, LotShare, Movement, StockLocation

_SIDES: dict[str, tuple[int, frozenset[LocationKind]]] = {
    "came": (1, frozenset({LocationKind.SUPPLIER, LocationKind.DONOR})),
    "handed_out": (-1, frozenset({LocationKind.RECIPIENTS})),
    "issued": (-1, frozenset({LocationKind.ISSUED})),
    "lost": (-1, frozenset({LocationKind.LOSS})),
}
"""What stands at the other end of a movement, and which way it counts."""


@dataclass(frozen=True)
class FundRow:
    """A fund source and its goods, in fen. ``fund_source`` is None where nobody knows yet."""

    fund_source: FundSource | None
    came: int
    moved: int
    handed_out: int
    issued: int
    lost: int
    in_stock: int

    @property
    def name(self) -> str:
        return _("Source not known yet") if self.fund_source is None else self.fund_source.name


def _figure(name: str) -> Any:  # noqa: ANN401 - a column of the subquery
    return literal_column(f"fund.{name}", Integer)


_MOVED = (
    _figure("in_stock")
    - _figure("came")
    + _figure("handed_out")
    + _figure("issued")
    + _figure("lost")
)

VALUE_BY_FUND: Listing[FundRow] = Listing(
    _l("Stock value by fund source"),
    (
        Column("fund_source", _l("Fund source"), lambda row: row.name, FundSource.name),
        Column(
            "kind",
            _l("Kind"),
            lambda row: "" if row.fund_source is None else str(row.fund_source.kind.label),
        ),
        Yuan("came", _l("Received from outside"), lambda row: row.came, _figure("came")),
        Yuan("moved", _l("From and to other places"), lambda row: row.moved, _MOVED),
        Yuan("handed_out", _l("Handed out"), lambda row: row.handed_out, _figure("handed_out")),
        Yuan("issued", _l("Issued from stock"), lambda row: row.issued, _figure("issued")),
        Yuan("lost", _l("Lost or written off"), lambda row: row.lost, _figure("lost")),
        Yuan("in_stock", _l("In stock"), lambda row: row.in_stock, _figure("in_stock")),
    ),
    order=(FundSource.name.nulls_last(), FundSource.id),
)


def value_by_fund(places: Select[int], day: date) -> Select[Any]:
    """Select what became of each fund source's goods at places until a day was over.

    Packages count for the sources of their contents. It costs as much as there are movements
    from and to the places up to that day. ``fund_rows`` makes rows of it.
    """
    fund = _by_fund(places, day)
    return (
        select(FundSource, *(_figure(name) for name in (*_SIDES, "in_stock")))
        .select_from(fund)
        .outerjoin(FundSource, FundSource.id == fund.c.fund_source_id)
        .where(_says_something(fund))
    )


def fund_rows(found: Sequence[Any]) -> list[FundRow]:
    """Give the rows of what ``value_by_fund`` selected."""
    rows = []
    for row in found:
        came, handed_out, issued, lost, in_stock = map(int, row[1:])
        moved = in_stock - came + handed_out + issued + lost
        rows.append(FundRow(row[0], came, moved, handed_out, issued, lost, in_stock))
    return rows


def _by_fund(places: Select[int], day: date) -> Any:  # noqa: ANN401 - a subquery
    until = Movement.recorded_at < clock.end_of(day)
    comes = _shares(Movement.source_id, 1).where(
        Movement.target_id.in_(places), Movement.source_id.not_in(places), until
    )
    goes = _shares(Movement.target_id, -1).where(
        Movement.source_id.in_(places), Movement.target_id.not_in(places), until
    )
    moved = union_all(comes, goes).subquery("moved")
    signed = moved.c.value * moved.c.sign
    sides = [
        func.sum(case((moved.c.other_kind.in_(kinds), signed * sign), else_=0)).label(name)
        for name, (sign, kinds) in _SIDES.items()
    ]
    in_stock = func.sum(signed).label("in_stock")
    return (
        select(moved.c.fund_source_id, *sides, in_stock)
        .group_by(moved.c.fund_source_id)
        .subquery("fund")
    )


def _shares(other_end: Any, sign: int) -> Select[Any]:  # noqa: ANN401 - a column
    """Give each movement's value by the sources that paid it, those of the lot where known."""
    value = func.coalesce(LotShare.value * Movement.quantity, Movement.value)
    source = func.coalesce(LotShare.fund_source_id, Movement.fund_source_id)
    columns: list[Any] = [
        source.label("fund_source_id"),
        value.label("value"),
        StockLocation.kind.label("other_kind"),
        literal(sign).label("sign"),
    ]
    return (
        select(*columns)
        .select_from(Movement)
        .join(StockLocation, StockLocation.id == other_end)
        .outerjoin(LotShare, LotShare.lot_id == Movement.lot_id)
    )


def _says_something(fund: Any) -> Any:  # noqa: ANN401 - columns of a subquery
    return (fund.c.came != 0) | (fund.c.in_stock != 0) | (fund.c.handed_out != 0)
