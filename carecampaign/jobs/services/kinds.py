"""The kinds of work there are; areas add theirs in their ``tasks.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Kind:
    """A kind of work: its name ``<area>.<verb>``, its title on screen, and what does it.

    One with ``daily_at`` is asked for by the system itself each day from that local time on.
    It takes no arguments.
    """

    name: str
    title: LazyString
    run: Callable[..., dict[str, Any]]
    daily_at: time | None = None


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind of work known, at set-up."""
    _kinds[kind.name] = kind


def list_daily_kinds() -> list[Kind]:
    """Give the kinds that are asked for each day."""
    return [kind for kind in _kinds.values() if kind.daily_at is not None]


def find_kind(name: str) -> Kind | None:
    """Give a kind, or None where no running version of the program knows it."""
    return _kinds.get(name)
