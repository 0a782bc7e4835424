"""What a phone says when something was handed over: a message, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.core.limits import LARGEST_ID

LARGEST_TAP = 10_000
"""People, or pieces, in one entry: a whole company at once, and no slip of the finger more."""

LONGEST_NOTE = 200


class NotReadable(DomainError):
    """The message is no handout: a part of it is missing or out of bounds."""


@dataclass(frozen=True)
class Tap:
    """One handing over, as the client says it. ``id`` is the client's own (UUIDv7).

    To a group (``group_id``) or a named person (``person_id``, whose group follows from the
    occupation). ``head_count`` is zero for a further item to the same recipient.
    ``happened_at`` is the device's instant, None for "just now". ``already_given`` says that
    there is nothing left to refuse, ``override`` why it is given in spite of a rule of
    entitlement. ``is_synthetic`` marks what was made up for the demo; no
    client can say so.
    """

    id: UUID
    item_id: int
    group_id: int | None = None
    person_id: int | None = None
    quantity: int = 1
    head_count: int = 1
    happened_at: datetime | None = None
    note: str = ""
    already_given: bool = False
    override: str = ""
    is_synthetic: bool = False

    @property
    def is_ordinary(self) -> bool:
        """Say whether it is counted for a group, before the fact: as nearly all of them."""
        return self.person_id is None and not self.already_given


def read_tap(values: Mapping[str, object]) -> Tap:
    """Read a message out of JSON or a form. Raises NotReadable when it is none.

    Without ``head_count`` everyone of a group gets one piece, and a person counts once.
    """
    quantity = _read_count(values, "quantity", default=1, least=1)
    group_id, person_id = read_id(values, "group_id"), read_id(values, "person_id")
    if group_id is None and person_id is None:
        raise NotReadable(_l("Say for whom it is: a group or a person."), field="group_id")
    head_count = _read_count(
        values, "head_count", default=quantity if person_id is None else 1, least=0
    )
    if person_id is not None and head_count > 1:
        raise NotReadable(_l("A named person counts once."), field="head_count")
    item_id = read_id(values, "item_id")
    if item_id is None:
        raise NotReadable(_l("Say what is handed out."), field="item_id")
    return Tap(
        id=read_client_id(values.get("id")),
        item_id=item_id,
        group_id=group_id,
        person_id=person_id,
        quantity=quantity,
        head_count=head_count,
        happened_at=read_instant(values.get("happened_at")),
        note=read_note(values.get("note")),
        already_given=str(values.get("already_given")).lower() in {"1", "true"},
        override=read_note(values.get("override"), field="override"),
    )


def read_client_id(value: object) -> UUID:
    """Read an id that a client made. Raises NotReadable when it is none."""
    try:
        return UUID(str(value))
    except ValueError as error:
        raise NotReadable(_l("The entry has no valid id: reload the page."), field="id") from error


def read_note(value: object, *, field: str = "note") -> str:
    """Read one line of text, without what cannot be printed."""
    text = value if isinstance(value, str) else ""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(line) > LONGEST_NOTE:
        raise NotReadable(
            _l("At most %(most)s characters.", most=LONGEST_NOTE),
            field=field,
        )
    return line


def read_id(values: Mapping[str, object], name: str) -> int | None:
    """Read a row id, None where there is none. Raises NotReadable."""
    value = values.get(name)
    if value is None or value == "":
        return None
    number = _whole_number(value)
    if number is None or not 1 <= number <= LARGEST_ID:
        raise NotReadable(_l("Not a valid choice."), field=name)
    return number


def _read_count(values: Mapping[str, object], name: str, *, default: int, least: int) -> int:
    value = values.get(name)
    if value is None or value == "":
        return default
    number = _whole_number(value)
    if number is None or not least <= number <= LARGEST_TAP:
        raise NotReadable(
            _l("Enter a whole number from %(least)s to %(most)s.", least=least, most=LARGEST_TAP),
            field=name,
        )
    return number


def _whole_number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    is_number = isinstance(value, str) and value.isascii() and value.isdigit()
    return int(str(value)) if is_number and len(str(value)) <= len(str(LARGEST_ID)) else None


def read_instant(value: object, *, field: str = "happened_at") -> datetime | None:
    """Read an instant with its offset, None where there is none. Raises NotReadable."""
    if value is None or value == "":
        return None
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        instant = None
    # A device's clock may be wrong by years and is believed; beyond these it is no clock.
    if instant is None or instant.tzinfo is None or not 1970 <= instant.year < 9000:  # noqa: PLR2004
        raise NotReadable(_l("The time of the entry is not readable."), field=field)
    return instant
