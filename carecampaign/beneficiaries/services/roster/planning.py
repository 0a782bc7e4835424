"""Compare a roster with the register: who is new, who is there already, who perhaps is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.numbers import LAST_FOUR
from carecampaign.beneficiaries.queries.roster import persons_like
from carecampaign.beneficiaries.roster import Probably
from carecampaign.beneficiaries.spelling import plain
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged, StagedRow
from carecampaign.organizations.models import Organization

FACTS = ("occupation_id", "employer", "phone", "id_number", "union_number", "household_key")
"""What a row changes of a person who is there, where it says something."""


class CannotTell(DomainError):
    """Nobody can tell from a row who it is; ``field`` is the column to blame."""

    field: str


@dataclass(frozen=True)
class Addition:
    """A person to keep, by all values of a row."""

    row: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A person there is, and what differs from it in a row: column → new value."""

    row: int
    person: Person
    values: dict[str, Any]


@dataclass(frozen=True)
class Probable:
    """A row, and a person of the same name and unit; nothing else tells whether they are one."""

    row: StagedRow
    person: Person


@dataclass
class Plan:
    """What a roster would do; rows with an error are in none of these."""

    added: list[Addition] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Change] = field(default_factory=list)
    probable: list[Probable] = field(default_factory=list)


def plan_import(
    staged: Staged,
    organization: Organization,
    *,
    probably: Probably | None = None,
    by: Actor,
    lock: bool = False,
) -> Plan:
    """Compare with the persons the actor looks after; ``organization`` keeps the new ones.

    Without ``probably`` the rows that somebody has to judge stay apart. Blames a row whose ID
    number is somebody's of another name, and one that several persons may be. ``lock`` holds
    the persons that are there until the transaction ends.
    """
    register = _Register(_candidates(staged.rows, by=by, lock=lock))
    wrong = {error.row for error in staged.errors}
    plan = Plan()
    taken: dict[int, int] = {}
    for row in staged.rows:
        if row.number in wrong:
            continue
        try:
            person, is_certain = register.find(row)
        except CannotTell as error:
            staged.blame(row, error.field, str(error))
            continue
        if person is not None and person.id in taken:
            message = _("This is the person of row %(number)s once more.", number=taken[person.id])
            staged.blame(row, "name", message)
            continue
        if person is None or (not is_certain and probably is Probably.OTHERS):
            plan.added.append(_addition(row, organization))
        elif is_certain or probably is Probably.SAME:
            taken[person.id] = row.number
            _compare(plan, row, person)
        else:
            taken[person.id] = row.number
            plan.probable.append(Probable(row, person))
    return plan


class _Register:
    """The persons that rows may be, by what tells them apart."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._by_id_number: dict[str, Person] = {}
        self._by_phone: dict[tuple[str, str], Person] = {}
        self._by_name: dict[tuple[str, str], list[Person]] = defaultdict(list)
        for person in persons:
            if person.id_number and len(person.id_number) > LAST_FOUR:
                self._by_id_number.setdefault(person.id_number, person)
            if person.phone:
                self._by_phone.setdefault((person.name_key, person.phone), person)
            if person.employer_key:
                self._by_name[person.name_key, person.employer_key].append(person)

    def find(self, row: StagedRow) -> tuple[Person | None, bool]:
        """Find who a row is, and whether that is certain. Raises CannotTell."""
        name_key = plain(row.values["name"])
        same = self._by_id_number.get(row.values.get("id_number") or "")
        if same is not None:
            if same.name_key != name_key:
                message = _("This ID number is kept of somebody of another name.")
                raise CannotTell(message, field="id_number")
            return same, True
        same = self._by_phone.get((name_key, row.values.get("phone") or ""))
        if same is not None and not _differ(same.id_number, row.values.get("id_number")):
            return same, True
        alike = self._by_name.get((name_key, plain(row.values.get("employer") or "")), [])
        alike = [person for person in alike if not _contradicts(person, row)]
        if len(alike) > 1:
            message = _(
                "%(count)s persons of this name and unit are kept: enter the phone or ID number.",
                count=len(alike),
            )
            raise CannotTell(message, field="name")
        if not alike:
            return None, True
        # Where both have an ID number, or the end of one, it is the same by now.
        return alike[0], bool(alike[0].id_number and row.values.get("id_number"))


def _candidates(rows: Sequence[StagedRow], *, by: Actor, lock: bool) -> Iterable[Person]:
    named = [row.values for row in rows if row.values.get("name")]
    return persons_like(
        by,
        phones=[values["phone"] for values in named if values.get("phone")],
        ids=[
            values["id_number"]
            for values in named
            if values.get("id_number") and len(values["id_number"]) > LAST_FOUR
        ],
        names=[plain(values["name"]) for values in named if values.get("employer")],
        lock=lock,
    ).values()


def _contradicts(person: Person, row: StagedRow) -> bool:
    """Say whether the numbers tell that a row is somebody else."""
    phone, id_number = row.values.get("phone"), row.values.get("id_number")
    return bool(person.phone and phone and person.phone != phone) or _differ(
        person.id_number, id_number
    )


def _differ(kept: str | None, given: str | None) -> bool:
    """Say whether two ID numbers, each whole or its last four, cannot be the same."""
    if not kept or not given:
        return False
    shorter = min(len(kept), len(given))
    return kept[-shorter:] != given[-shorter:]


def _addition(row: StagedRow, organization: Organization) -> Addition:
    nothing: dict[str, Any] = dict.fromkeys(FACTS) | {"employer": "", "household_key": ""}
    values = nothing | row.values
    values["organization_id"] = values.get("organization_id") or organization.id
    return Addition(row.number, values)


def _compare(plan: Plan, row: StagedRow, person: Person) -> None:
    """Tell what a row says otherwise; an empty cell says nothing, nor do last four of a whole."""
    values = {
        key: row.values[key]
        for key in FACTS
        if row.values.get(key) and row.values[key] != getattr(person, key)
    }
    if person.id_number and len(values.get("id_number") or "") == LAST_FOUR:
        del values["id_number"]
    if values:
        plan.changed.append(Change(row.number, person, values))
    else:
        plan.unchanged.append(Change(row.number, person, {}))
