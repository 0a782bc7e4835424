"""Find anything by a few letters: in each list what the person sees there, and no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.access.actor import Actor
from carecampaign.reports.queries.bounded import Few, first_of
from carecampaign.reports.queries.findable import KINDS, Hit, Kind

SHORTEST = 2
"""Signs a text must have: one letter is found everywhere and says nothing."""

MOST = 8
"""Rows of one kind; the rest is in its list."""


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    kind: Kind
    hits: Few[Hit]


def find_everywhere(actor: Actor, text: str) -> list[Group]:
    """Search every list the actor may open, in one query each; kinds with nothing are left out.

    ``text`` has at least SHORTEST signs; "%" and "_" in it mean themselves.
    """
    return list(_groups(actor, text))


def _groups(actor: Actor, text: str) -> Iterator[Group]:
    for kind in KINDS:
        statement = kind.find(actor, text) if actor.can(kind.permission) else None
        if statement is None:
            continue
        found = first_of(_best_first(statement, kind.names, text), MOST)
        if found.rows:
            yield Group(kind, Few([kind.show(row) for row in found.rows], found.total))


def _best_first(
    statement: Select[Any], names: tuple[InstrumentedAttribute[Any], ...], text: str
) -> Select[Any]:
    """Order by how well the text fits: a whole code or name, its beginning, any part of it."""
    if not names:
        return statement
    is_whole = or_(*(func.lower(name) == text.lower() for name in names))
    begins = or_(*(name.istartswith(text, autoescape=True) for name in names))
    fit = case((is_whole, 0), (begins, 1), else_=2)
    return statement.order_by(None).order_by(fit, names[0], names[0].class_.id)
