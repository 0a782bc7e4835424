"""How the cells are read that only stations have."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from carecampaign.core import cells
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import Labelled, _, _l
from carecampaign.core.imports import Parse, one_of
from carecampaign.stations.opening import Rules, parse

LONGEST_RULES = 1000
SQUARE_DECIMETRES = 100
"""In a square metre."""
LARGEST_AREA = 10_000
MOST_PARTS = 3
"""Of one word that holds separators."""
_SEPARATORS = re.compile(r"[、,，;；\n]+")
_PHONE = re.compile(r"[0-9+()（） \-转]{3,30}")
_CODE = re.compile(r"\S{1,20}")
_read_area = cells.number_between(0.01, LARGEST_AREA, places=2)


def member_of(kind: type[Labelled]) -> Parse:
    """Make the reader of one word of a closed list."""
    return one_of(
        lambda: [(member, str(member.label)) for member in kind],
        _l("This word is not known here. The explanation of the template lists those that are."),
    )


def members_of(kind: Iterable[Labelled]) -> Parse:
    """Make the reader of several words of a closed list; the value is a frozenset.

    A word may hold what separates words (轮椅、拐杖): the longest that is known counts.
    """
    members = tuple(kind)
    read = one_of(
        lambda: [(member, _SEPARATORS.sub("", str(member.label))) for member in members],
        _l("Not known."),
    )

    def parse_list(text: str) -> frozenset[Labelled]:
        parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
        found, unknown = set(), []
        while parts:
            member, length = _longest_known(read, parts)
            if member is None:
                unknown.append(parts[0])
            else:
                found.add(member)
            parts = parts[length:]
        if unknown:
            raise DomainError(_("Not known here: %(words)s", words=_(", ").join(unknown)))
        return frozenset(found)

    return parse_list


def _longest_known(read: Parse, parts: Sequence[str]) -> tuple[Labelled | None, int]:
    """Give the member that the first parts name, and how many parts it took."""
    for length in range(min(MOST_PARTS, len(parts)), 0, -1):
        try:
            return read("".join(parts[:length])), length
        except DomainError:
            continue
    return None, 1


def organization_among(ids: Mapping[str, int]) -> Parse:
    """Make the reader of an organisation by its name; one out of reach is not told apart."""

    def parse_name(text: str) -> int:
        found = ids.get("".join(text.split()))
        if found is None:
            raise DomainError(_l("You run no stations for an organization of this name."))
        return found

    return parse_name


def code(text: str) -> str:
    """Read the code of a station: in capitals, without spaces."""
    if _CODE.fullmatch(text) is None:
        raise DomainError(_l("A code has at most 20 characters and no spaces."))
    return cells.line_of(20)(text).upper()


def opening(text: str) -> Rules:
    """Read opening hours in the notation of ``stations.opening``."""
    if len(text) > LONGEST_RULES:
        raise DomainError(_l("Write the opening hours shorter: 1,000 characters at most."))
    return parse(text)


def phone(text: str) -> str:
    """Read a phone number, extension included."""
    if _PHONE.fullmatch(text) is None:
        raise DomainError(_l("A phone number has digits, spaces, hyphens and brackets only."))
    return text


def district_code(text: str) -> str:
    """Read the six digits of a district."""
    if re.fullmatch(r"[0-9]{6}", text) is None:
        raise DomainError(_l("A district code has six digits."))
    return text


def area(text: str) -> int:
    """Read square metres as square decimetres."""
    return int(Decimal(str(_read_area(text))) * SQUARE_DECIMETRES)


def listed(text: str) -> bool | date:
    """Read whether a map shows a station: yes, no, or the date since when."""
    try:
        return cells.yes_or_no(text)
    except DomainError:
        pass
    try:
        return cells.day(text)
    except DomainError:
        raise DomainError(_l("Write yes, no, or the date since when.")) from None


def words_of(kind: Iterable[Labelled]) -> str:
    """List the words of a closed list in the language spoken."""
    return _(", ").join(str(member.label) for member in kind)


Values = dict[str, Any]
"""A row: key of a column → value."""
