"""Compare a roster with the register: who is new, who is there already, who perhaps is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.keys import indexes_of_id, indexes_of_phone
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.numbers import LAST_FOUR
from carecampaign.beneficiaries.queries.roster import Marks, last_person_id, persons_like
from carecampaign.beneficiaries.roster import Entry, Probably
from carecampaign.beneficiaries.services.roster.reading import Roster
from carecampaign.beneficiaries.spelling import plain
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _

FACTS = ("occupation_id", "employer", "phone", "id_number", "union_number", "household_key")
"""What a row changes of a person who is there, where it says something."""


class CannotTell(DomainError):
    """Nobody can tell from a row who it is; ``field`` is the column to blame."""

    field: str


@dataclass(frozen=True)
class Change:
    """A person there is, and what differs from it in a row: column → new value."""

    row: Entry
    person: Person
    values: dict[str, Any]


@dataclass(frozen=True)
class Probable:
    """A row, and a person of the same name and unit; nothing else tells whether they are one."""

    row: Entry
    person: Person


@dataclass
class Plan:
    """What a roster, or a piece of it, would do; rows with an error are in none of these."""

    added: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Change] = field(default_factory=list)
    probable: list[Probable] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """Give all rows, in their order."""
        rows = [*self.added, *(one.row for one in self.probable)]
        rows += [one.row for one in (*self.changed, *self.unchanged)]
        return sorted(rows, key=lambda row: row.number)

    def extend(self, other: "Plan") -> None:
        """Take the next piece in."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.probable += other.probable


def plan_import(roster: Roster, *, probably: Probably | None = None, by: Actor) -> Plan:
    """Compare a whole roster with the persons the actor looks after, as ``compare`` does."""
    plan = Plan()
    for piece in compare(roster, probably=probably, by=by, lock=False):
        plan.extend(piece)
    return plan


def compare(roster: Roster, *, probably: Probably | None, by: Actor, lock: bool) -> Iterator[Plan]:
    """Compare a roster with the persons the actor looks after, piece by piece.

    Without ``probably`` the rows that somebody has to judge stay apart. Blames a row whose ID
    number is somebody's of another name, and one that several persons may be. ``lock`` holds
    the persons that are there until the transaction ends. Who comes in meanwhile is not
    compared with: they may be of a piece before.
    """
    last_id = last_person_id()
    taken: dict[int, int] = {}
    for entries in roster.entries():
        marks = _marks(entries)
        register = _Register(persons_like(by, marks, last_id=last_id, lock=lock).values())
        yield _plan_piece(roster, entries, register, taken, probably)


def _plan_piece(
    roster: Roster,
    entries: Iterable[Entry],
    register: "_Register",
    taken: dict[int, int],
    probably: Probably | None,
) -> Plan:
    plan = Plan()
    for row in entries:
        try:
            person, is_certain = register.find(row)
        except CannotTell as error:
            roster.staged.blame(row, error.field, str(error))
            continue
        if person is not None and person.id in taken:
            message = _("This is the person of row %(number)s once more.", number=taken[person.id])
            roster.staged.blame(row, "name", message)
            continue
        if person is None or (not is_certain and probably is Probably.OTHERS):
            plan.added.append(row)
            continue
        taken[person.id] = row.number
        if is_certain or probably is Probably.SAME:
            _compare(plan, row, person)
        else:
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

    def find(self, row: Entry) -> tuple[Person | None, bool]:
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


def _marks(entries: Sequence[Entry]) -> Marks:
    marks = Marks()
    for _number, row, made in entries:
        if phone := row.get("phone"):
            marks.phone_indexes += indexes_of_phone(phone, made=made.get("phone_index"))
        id_number = row.get("id_number") or ""
        if len(id_number) > LAST_FOUR:
            marks.id_indexes += indexes_of_id(id_number, made=made.get("id_index"))
        if employer := row.get("employer"):
            marks.names.add((plain(row["name"]), plain(employer)))
    return marks


def _contradicts(person: Person, row: Entry) -> bool:
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


def _compare(plan: Plan, row: Entry, person: Person) -> None:
    """Tell what a row says otherwise; an empty cell says nothing, nor do last four of a whole."""
    values = {
        key: row.values[key]
        for key in FACTS
        if row.values.get(key) and row.values[key] != getattr(person, key)
    }
    if person.id_number and len(values.get("id_number") or "") == LAST_FOUR:
        del values["id_number"]
    if values:
        plan.changed.append(Change(row, person, values))
    else:
        plan.unchanged.append(Change(row, person, {}))
