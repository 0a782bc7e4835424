"""How an entry of the log reads: its action as a sentence, its changes as before → after."""

import re
from datetime import date, datetime
from functools import partial

from flask_babel.speaklater import LazyString
from sqlalchemy import Enum

from carecampaign.audit.models import AuditEntry
from carecampaign.audit.vocabulary import ACTIONS, FIELDS, INTERNAL, KINDS, LISTED_IN, LISTS, MONEY
from carecampaign.core.babel import show_date, show_datetime, show_yuan
from carecampaign.core.db import Base
from carecampaign.core.i18n import Labelled, _

# Personal values enter the log as keyed digests, which say nothing to a reader.
_DIGEST = re.compile(r"[0-9a-f]{64}")
# A document's entry is named by kind, year and number; its action says the kind in words.
_PAPER = re.compile(r"[a-z_]+ (?P<year>\d{4})/(?P<number>\d{1,18})")
_PAPER_LINES = "lines"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}\+00:00")


def sentence(entry: AuditEntry) -> str:
    """Say what was done to what."""
    words, name = ACTIONS.get(entry.action), _name(entry.subject_name)
    if words is None:
        return _("%(action)s: %(name)s", action=entry.action, name=name)
    return str(words) % {"name": name}


def changes(entry: AuditEntry) -> list[str]:
    """Say which field became what, one line each; a field left empty says nothing."""
    return [
        _change(entry.subject_kind, field, value)
        for field, value in entry.changes.items()
        if field not in INTERNAL and not _is_empty(value)
    ]


def action_choices() -> list[tuple[str, str]]:
    """Give the actions as choices of a select field, in the order of the vocabulary."""
    return [(action, str(words) % {"name": "…"}) for action, words in ACTIONS.items()]


def kind_choices() -> list[tuple[str, LazyString]]:
    """Give the kinds of subjects as choices of a select field."""
    return list(KINDS.items())


def _name(name: str) -> str:
    """Write a name as people do: a document's number, the day an event is called by."""
    if (paper := _PAPER.fullmatch(name)) is not None:
        return f"{paper['year']}-{int(paper['number']):04d}"
    day, space, place = name.partition(" ")
    return f"{_text('', '', day)}{space}{place}"


def _change(kind: str, field: str, value: object) -> str:
    label = FIELDS.get(field, field.replace("_", " "))
    sides = _before_and_after(field, value)
    if sides is None:
        return _("%(field)s: %(value)s", field=label, value=_shown(kind, field, value))
    if all(_is_digest(side) for side in sides):
        return _("%(field)s: changed (not kept in the log)", field=label)
    before, after = (_shown(kind, field, side) for side in sides)
    return _("%(field)s: %(before)s → %(after)s", field=label, before=before, after=after)


def _before_and_after(field: str, value: object) -> list[object] | None:
    if not isinstance(value, list) or len(value) != len(("before", "after")):
        return None
    if field == _PAPER_LINES:
        return None
    if field in LISTS and not all(side is None or isinstance(side, list) for side in value):
        return None
    return value


def _shown(kind: str, field: str, value: object) -> str:
    if _is_empty(value):
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        show = _line_of_paper if field == _PAPER_LINES else partial(_shown, kind, field)
        return _("; ").join(show(item) for item in value)
    if isinstance(value, dict):
        return _("; ").join(_change(kind, key, item) for key, item in value.items())
    if isinstance(value, int) and field in MONEY:
        return show_yuan(value)
    return _text(kind, field, str(value))


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _line_of_paper(line: object) -> str:
    """Say how many pieces of what; of a transfer that came short, how many were sent → came."""
    match line:
        case [name, sent, int(came), *_rest] if came != sent:
            return _("%(field)s: %(before)s → %(after)s", field=name, before=sent, after=came)
        case [name, sent, *_rest]:
            return _("%(field)s: %(value)s", field=name, value=sent)
    return str(line)


def _text(kind: str, field: str, text: str) -> str:
    if _is_digest(text):
        return _("not kept in the log")
    if _DATE.fullmatch(text):
        return show_date(date.fromisoformat(text))
    if _INSTANT.fullmatch(text):
        return show_datetime(datetime.fromisoformat(text))
    return _label(kind, field, text) or text


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _label(kind: str, field: str, text: str) -> str | None:
    """Give the word for a member of a closed list, which the entry keeps by its value."""
    table_name, column_name = LISTED_IN.get(field, (kind, field))
    table = Base.metadata.tables.get(table_name)
    column = None if table is None else table.columns.get(column_name)
    choice = (
        column.type.enum_class if column is not None and isinstance(column.type, Enum) else None
    )
    if choice is None or not issubclass(choice, Labelled) or text not in list(choice):
        return None
    return str(choice(text).label)
