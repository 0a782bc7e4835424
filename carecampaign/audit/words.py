"""How an entry of the log reads: its action as a sentence, its changes as before → after."""

import re

from flask_babel.speaklater import LazyString
from sqlalchemy import Enum

from carecampaign.audit.models import AuditEntry
from carecampaign.audit.vocabulary import ACTIONS, FIELDS, KINDS, LISTS
from carecampaign.core.db import Base
from carecampaign.core.i18n import Labelled, _

# Personal values enter the log as keyed digests, which say nothing to a reader.
_DIGEST = re.compile(r"[0-9a-f]{64}")


def sentence(entry: AuditEntry) -> str:
    """Say what was done to what."""
    words = ACTIONS.get(entry.action)
    if words is None:
        return _("%(action)s: %(name)s", action=entry.action, name=entry.subject_name)
    return str(words) % {"name": entry.subject_name}


def changes(entry: AuditEntry) -> list[str]:
    """Say which field became what, one line each."""
    return [_change(entry.subject_kind, *change) for change in entry.changes.items()]


def action_choices() -> list[tuple[str, str]]:
    """Give the actions as choices of a select field, in the order of the vocabulary."""
    return [(action, str(words) % {"name": "…"}) for action, words in ACTIONS.items()]


def kind_choices() -> list[tuple[str, LazyString]]:
    """Give the kinds of subjects as choices of a select field."""
    return list(KINDS.items())


def _change(kind: str, field: str, value: object) -> str:
    label = FIELDS.get(field, field.replace("_", " "))
    sides = _before_and_after(field, value)
    if sides is not None:
        before, after = (_shown(kind, field, side) for side in sides)
        return _("%(field)s: %(before)s → %(after)s", field=label, before=before, after=after)
    return _("%(field)s: %(value)s", field=label, value=_shown(kind, field, value))


def _before_and_after(field: str, value: object) -> list[object] | None:
    if not isinstance(value, list) or len(value) != len(("before", "after")):
        return None
    if field in LISTS and not all(side is None or isinstance(side, list) for side in value):
        return None
    return value


def _shown(kind: str, field: str, value: object) -> str:
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return _("; ").join(_shown(kind, field, item) for item in value)
    if isinstance(value, dict):
        return _("; ").join(_change(kind, key, item) for key, item in value.items())
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        return _("not kept in the log")
    return _label(kind, field, value) or str(value)


def _label(kind: str, field: str, value: object) -> str | None:
    """Give the word for a member of a closed list, which the entry keeps by its value."""
    table = Base.metadata.tables.get(kind)
    column = None if table is None else table.columns.get(field)
    choice = (
        column.type.enum_class if column is not None and isinstance(column.type, Enum) else None
    )
    if choice is None or not issubclass(choice, Labelled) or not isinstance(value, str):
        return None
    if value not in list(choice):
        return None
    return str(choice(value).label)
