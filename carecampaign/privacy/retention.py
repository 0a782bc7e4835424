"""How long what is kept: the classes of records, and the bounds within which each is kept."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from flask_babel.speaklater import LazyString

from carecampaign.core.i18n import Labelled, _l

MONTHS = 12


class RecordClass(Labelled):
    """What a rule is about. Of the last three the period is fixed."""

    NUMBERS = "numbers", _l("Numbers of persons")
    PERSONS = "persons", _l("Names of persons")
    VOLUNTEERS = "volunteers", _l("Names of volunteers on phones let in by a pass")
    JOBS = "jobs", _l("Finished jobs and their reports")
    EXPORTS = "exports", _l("Files with whole numbers")
    UPLOADS = "uploads", _l("Tables sent in, and reports on them")
    ATTEMPTS = "attempts", _l("Attempts to sign in")


OF_PEOPLE = (RecordClass.NUMBERS, RecordClass.PERSONS)
"""Classes whose records are people of the register: they are looked through before they go."""


@dataclass(frozen=True)
class Terms:
    """What is done to records of a class, counted from when, and after how many months.

    ``least`` and ``most`` bound what a rule may say.
    """

    from_when: LazyString
    what: LazyString
    months: int
    least: int = 1
    most: int = 30 * MONTHS


_LAST_CAMPAIGN = _l(
    "the end of the last campaign they were on a roster of, agreed to or were served in, or the"
    " last change of the entry"
)

TERMS: dict[RecordClass, Terms] = {
    RecordClass.NUMBERS: Terms(
        _LAST_CAMPAIGN,
        _l("Phone, ID and membership numbers and the household code are deleted."),
        24,
    ),
    RecordClass.PERSONS: Terms(
        _LAST_CAMPAIGN,
        _l("The entry is made anonymous. Occupation, union and handouts stay, for the figures."),
        60,
    ),
    RecordClass.VOLUNTEERS: Terms(
        _l("the last time the phone was heard of"),
        _l("The name is deleted; the phone has to be let in again."),
        24,
    ),
    RecordClass.JOBS: Terms(
        _l("the end of the job"), _l("The job and its report are deleted."), 12, least=6
    ),
}
"""The classes with a rule of their own, and what holds while nobody sets another."""

FIXED: dict[RecordClass, tuple[LazyString, LazyString]] = {
    RecordClass.EXPORTS: (_l("24 hours"), _l("The file is deleted; who asked for it stays.")),
    RecordClass.UPLOADS: (_l("One day"), _l("The table is deleted.")),
    RecordClass.ATTEMPTS: (_l("One hour"), _l("The attempt is deleted.")),
}
"""The other classes: how long, and what is done."""


def months_before(day: date, months: int) -> date:
    """Give the same day so many months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 - months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
