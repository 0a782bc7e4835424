"""Change the calendar. It is one for the whole installation; every change is in the log."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import update

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.holidays.models import DayKind, Holiday
from carecampaign.holidays.proposals import SpecialDay, propose
from carecampaign.holidays.queries import list_between, list_of_year

MOST_DAYS = 31
"""Of one range: a longer one is a slip of the pen."""


class LastBeforeFirst(DomainError):
    """The range is the wrong way round."""

    field = "last"

    def __init__(self) -> None:
        super().__init__(_l("The last day lies before the first."))


class RangeTooLong(DomainError):
    """No holiday lasts that long."""

    field = "last"

    def __init__(self) -> None:
        super().__init__(_("At most %(most)s days at once.", most=MOST_DAYS))


class DayTaken(DomainError):
    """A day of the range is in the calendar already."""

    field = "first"

    def __init__(self, day: date) -> None:
        super().__init__(_("%(day)s is in the calendar already.", day=day.isoformat()))


class YearBegun(Conflict):
    """Somebody entered days of the year before the proposal was taken over."""

    def __init__(self) -> None:
        super().__init__(_l("The calendar of this year has days already."))


def add_days(
    first: date, last: date, *, kind: DayKind, name: str, name_en: str = "", by: Actor
) -> list[Holiday]:
    """Enter each day from ``first`` to ``last``.

    Raises LastBeforeFirst, RangeTooLong or DayTaken.
    """
    length = (last - first).days + 1
    if length < 1:
        raise LastBeforeFirst
    if length > MOST_DAYS:
        raise RangeTooLong
    for taken in list_between(first, last):
        raise DayTaken(taken.day)
    days = (first + timedelta(days=number) for number in range(length))
    added = _insert([SpecialDay(day, kind, name, name_en) for day in days])
    _record("add", added[0], by=by, changes={"days": _listed(added), "kind": kind})
    return added


def edit_day(
    holiday: Holiday, *, kind: DayKind, name: str, name_en: str, is_announced: bool, by: Actor
) -> None:
    """Change what a day is."""
    before = _facts(holiday)
    holiday.kind = kind
    holiday.name = name
    holiday.name_en = name_en
    holiday.is_announced = is_announced
    db.session.flush()
    after = _facts(holiday)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        _record("edit", holiday, by=by, changes={"day": holiday.day, **changes})


def remove_day(holiday: Holiday, *, by: Actor) -> None:
    """Take a day out of the calendar: it is again what its weekday says."""
    _record("remove", holiday, by=by, changes={"day": holiday.day})
    db.session.delete(holiday)
    db.session.flush()


def take_over(year: int, *, by: Actor) -> list[Holiday]:
    """Enter the days that ``propose`` gives for a year. Raises YearBegun."""
    if list_of_year(year):
        raise YearBegun
    added = _insert(propose(year))
    _record("take_over", added[0], by=by, name=str(year), changes={"days": _listed(added)})
    return added


def confirm_year(year: int, *, by: Actor) -> None:
    """Say that the days of a year are as announced."""
    open_days = [row for row in list_of_year(year) if not row.is_announced]
    if not open_days:
        return
    db.session.execute(
        update(Holiday)
        .where(Holiday.id.in_([row.id for row in open_days]))
        .values(is_announced=True)
    )
    changes = {"days": _listed(open_days)}
    _record("confirm", open_days[0], by=by, name=str(year), changes=changes)


def import_days(days: Sequence[SpecialDay], *, by: Actor) -> None:
    """Enter days, and make those that are there already what the table says; at least one."""
    known = {
        row.day: row for row in list_between(min(d.day for d in days), max(d.day for d in days))
    }
    for special in days:
        if special.day in known:
            _overwrite(known[special.day], special)
    added = _insert([special for special in days if special.day not in known])
    subject = (added or [known[days[0].day]])[0]
    changes = {"days": [special.day for special in days]}
    _record("import", subject, by=by, name=_span(days), changes=changes)


def _insert(days: Sequence[SpecialDay]) -> list[Holiday]:
    rows = [
        Holiday(
            day=special.day,
            kind=special.kind,
            name=special.name,
            name_en=special.name_en,
            is_announced=special.is_announced,
        )
        for special in days
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def _overwrite(row: Holiday, special: SpecialDay) -> None:
    row.kind = special.kind
    row.name = special.name
    row.name_en = special.name_en or row.name_en
    row.is_announced = special.is_announced


def _span(days: Sequence[SpecialDay]) -> str:
    first, last = min(it.day for it in days), max(it.day for it in days)
    return f"{first} – {last}"


def _facts(holiday: Holiday) -> dict[str, object]:
    return {
        "kind": holiday.kind,
        "name": holiday.name,
        "name_en": holiday.name_en,
        "is_announced": holiday.is_announced,
    }


def _listed(rows: Sequence[Holiday]) -> list[date]:
    return [row.day for row in rows]


def _record(
    verb: str, holiday: Holiday, *, by: Actor, changes: Mapping[str, object], name: str = ""
) -> None:
    audit.record(f"holidays.{verb}", holiday, by=by, name=name or holiday.name, changes=changes)
