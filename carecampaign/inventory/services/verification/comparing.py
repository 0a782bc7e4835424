"""Two sums over the same keys, and where they differ."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select, union_all

AnySelect = Select[*tuple[Any, ...]]
"""A select of any columns."""

MOST = 100
"""So many differences of a kind are named; a broken ledger of a million would help nobody."""


def compared(held: AnySelect, moved: AnySelect, *keys: str) -> Subquery:
    """Add up ``figure`` of both statements by ``keys``; give keys, ``held`` and ``moved``.

    A key that only one side has counts as nothing on the other.
    """
    left, right = held.subquery(), moved.subquery()
    nothing: ColumnElement[int] = literal(0)
    both = union_all(
        select(
            *(left.c[key] for key in keys), left.c.figure.label("held"), nothing.label("moved")
        ),
        select(
            *(right.c[key] for key in keys), nothing.label("held"), right.c.figure.label("moved")
        ),
    ).subquery()
    return (
        select(
            *(both.c[key] for key in keys),
            func.sum(both.c.held).label("held"),
            func.sum(both.c.moved).label("moved"),
        )
        .group_by(*(both.c[key] for key in keys))
        .subquery()
    )
