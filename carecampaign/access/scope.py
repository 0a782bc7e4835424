"""Row scoping: an organisation and all below it, as a condition on its path."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.access.actor import EVERYWHERE


def within(path: InstrumentedAttribute[str], prefixes: Iterable[str]) -> ColumnElement[bool]:
    """Give the condition that an organisation's ``path`` lies at or below one of ``prefixes``."""
    wanted = tuple(prefixes)
    if EVERYWHERE in wanted:
        return true()
    if not wanted:
        return false()
    return or_(*(path.startswith(prefix, autoescape=True) for prefix in wanted))


def covers(prefixes: Iterable[str], path: str) -> bool:
    """Say of one ``path`` what ``within`` says in a query."""
    return any(path.startswith(prefix) for prefix in prefixes)
