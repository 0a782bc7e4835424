"""The history of one record, as its own page shows it: who changed what, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request

from carecampaign.audit import queries, words
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import Model
from carecampaign.core.i18n import _

LATEST = 5
"""Entries a page shows of itself; ``?history=`` and a number shows all, page by page."""

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    what: str
    changes: list[str]


@dataclass(frozen=True)
class History:
    """Some entries of a record, the newest first. ``page`` is None for just the latest."""

    lines: Sequence[Line]
    total: int
    page: int | None

    @property
    def has_older(self) -> bool:
        """Say whether there are entries before those shown."""
        return self.total > PAGE_SIZE * ((self.page or 1) - 1) + len(self.lines)


def history_of(record: Model) -> History:
    """Give the history of a record, in one query; make sure first that the reader may see it."""
    page = _page()
    first, size = (0, LATEST) if page is None else (PAGE_SIZE * (page - 1), PAGE_SIZE)
    entries, total = queries.entries_about(record, first=first, size=size)
    return History([_line(entry) for entry in entries], total, page)


def _page() -> int | None:
    text = request.args.get("history", "")
    is_number = text.isascii() and text.isdigit() and len(text) < len("1000000")
    return max(1, int(text)) if is_number else None


def _line(entry: AuditEntry) -> Line:
    who = entry.actor_name if entry.actor_id else _("The system")
    return Line(entry.created_at, who, words.sentence(entry), words.changes(entry))
