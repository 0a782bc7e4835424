"""How the cells of a plan of many events are read: typed, pasted, or out of a sheet."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any, NamedTuple

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.core.limits import LARGEST_QUANTITY
from carecampaign.distributions.forms.shared import Choice

LONGEST_PLACE = 120
_DAY = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_HOUR = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_BETWEEN_NAMES = re.compile(r"[\s,;、]+")
_LIKE_A_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9_.-]+")


class Whereabouts(NamedTuple):
    """Where an event is to be held: at a station, or at another place as worded."""

    station: Any
    place: str


def day_within(first: date, last: date) -> Callable[[str], date]:
    """Make the reader of days; one without a year is the first such day of the period."""

    def read(text: str) -> date:
        found = _DAY.fullmatch(_plain(text))
        if found is None:
            raise DomainError(_l("Write the day like 2026-12-01."))
        year, month, day = found.groups()
        for candidate in [year] if year else range(first.year, last.year + 1):
            try:
                read_day = date(int(candidate), int(month), int(day))
            except ValueError:
                continue
            if year or first <= read_day <= last:
                return read_day
        raise DomainError(_l("There is no such day in the period of the campaign."))

    return read


def hour(text: str) -> time:
    """Read a time of day. Raises DomainError."""
    found = _HOUR.fullmatch(_plain(text))
    if found is not None and int(found[1]) < 24 and int(found[2]) < 60:  # noqa: PLR2004 - a clock
        return time(int(found[1]), int(found[2]))
    raise DomainError(_l("Write the time like 9:30."))


def pieces_planned(text: str) -> int:
    """Read a number of packages. Raises DomainError."""
    digits = _plain(text).replace(",", "")
    if digits.isdecimal() and len(digits) <= len(str(LARGEST_QUANTITY)):
        return int(digits)
    raise DomainError(_l("Enter a whole number, zero or more."))


def whereabouts_among(stations: Iterable[Any]) -> Callable[[str], Whereabouts]:
    """Make the reader of places: the code or the name of a station, else a place as worded.

    What looks like a code and is none is an error: a slip of the finger is no new place.
    """
    known: dict[str, Any] = {}
    for station in stations:
        known[_plain(station.name).casefold()] = station
    for station in stations:
        known[_plain(station.code).casefold()] = station

    def read(text: str) -> Whereabouts:
        plain = _plain(text)
        station = known.get(plain.casefold())
        if station is not None:
            return Whereabouts(station, "")
        if _LIKE_A_CODE.fullmatch(plain):
            raise DomainError(_("You plan for no station with the code %(code)s.", code=plain))
        if len(text) > LONGEST_PLACE:
            raise DomainError(_("Use at most %(most)s characters.", most=LONGEST_PLACE))
        return Whereabouts(None, text)

    return read


def unit_among(units: Iterable[Any]) -> Callable[[str], Choice]:
    """Make the reader of units: by name or short name."""
    known = {_plain(name): unit for unit in units for name in (unit.short_name, unit.name)}

    def read(text: str) -> Choice:
        unit: Choice | None = known.get(_plain(text))
        if unit is None:
            raise DomainError(
                _l("This unit does not take part in the campaign, or you do not plan for it.")
            )
        return unit

    return read


def people_among(people: Mapping[str, Any]) -> Callable[[str], tuple[Any, ...]]:
    """Make the reader of account names, however they are set apart; each counts once."""

    def read(text: str) -> tuple[Any, ...]:
        names = list(dict.fromkeys(account_names(text)))
        unknown = [name for name in names if name not in people]
        if unknown:
            listed = _(", ").join(unknown)
            raise DomainError(
                _("No volunteer or lead of yours has this account: %(names)s.", names=listed)
            )
        return tuple(people[name] for name in names)

    return read


def account_names(text: str) -> Iterator[str]:
    """Give the account names in a cell, in lower case."""
    for name in _BETWEEN_NAMES.split(_plain(text)):
        if name:
            yield name.lower()


def _plain(text: str) -> str:
    """Bring full-width signs, as Chinese keyboards write them, into their plain form."""
    return unicodedata.normalize("NFKC", text).strip()
