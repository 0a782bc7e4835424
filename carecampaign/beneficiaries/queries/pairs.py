"""Read the pairs of entries that may be of one person, within one's part of the tree."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.beneficiaries.models import SEALED, PairGround, Person, PersonPair
from carecampaign.beneficiaries.numbers import mask_name
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment, by_member
from carecampaign.organizations.models import Organization

_First, _Second = aliased(Person), aliased(Person)
_FirstKeeper, _SecondKeeper = aliased(Organization), aliased(Organization)
_STRENGTH = by_member(PersonPair.ground, PairGround)


@dataclass(frozen=True)
class PairFilters:
    """What the pairs are narrowed to; None narrows nothing.

    ``organization_id`` keeps one of the two entries, itself or something below it does.
    ``is_judged``: those that were found to be different, instead of those to be judged.
    """

    organization_id: int | None = None
    ground: PairGround | None = None
    is_judged: bool = False


PAIRS: Listing[PersonPair] = Listing(
    _l("Possible double entries"),
    (
        Column("first", _l("One entry"), lambda pair: _title(pair.first), _First.name),
        Column("second", _l("The other entry"), lambda pair: _title(pair.second), _Second.name),
        Column("ground", _l("What speaks for it"), lambda pair: pair.ground, _STRENGTH),
        Column(
            "employers",
            _l("Unit or platform"),
            lambda pair: _both(pair.first.employer, pair.second.employer),
        ),
        Column(
            "keepers",
            _l("Kept by"),
            lambda pair: _both(
                pair.first.organization.short_name, pair.second.organization.short_name
            ),
        ),
        Moment("found", _l("Found on"), lambda pair: pair.created_at, PersonPair.created_at),
    ),
    order=(_STRENGTH, PersonPair.id),
)


def pairs_for(actor: Actor, filters: PairFilters) -> Select[Any]:
    """Select the pairs of which the actor looks after both entries, the likeliest first."""
    return _pairs(actor).where(*_conditions(filters)).order_by(*PAIRS.order)


def list_pairs_of(actor: Actor, person: Person) -> list[PersonPair]:
    """List the pairs of a person that are to be judged, the likeliest first."""
    ends = or_(PersonPair.first_id == person.id, PersonPair.second_id == person.id)
    return list(db.session.scalars(pairs_for(actor, PairFilters()).where(ends)))


def get_pair_for(actor: Actor, pair_id: int, *, lock: bool = False) -> PersonPair:
    """Give a pair of which the actor looks after both entries. Raises NotFound.

    ``lock`` holds it until the transaction ends.
    """
    statement = (
        _pairs(actor)
        .where(PersonPair.id == pair_id)
        .options(*(joinedload(end).undefer_group(SEALED) for end in _ENDS))
        .options(*(joinedload(end).joinedload(Person.occupation) for end in _ENDS))
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=PersonPair)
    pair: PersonPair | None = db.session.scalar(statement)
    if pair is None:
        raise NotFound(_l("These two entries are no longer to be judged, or not by you."))
    return pair


def find_next_pair_for(actor: Actor, filters: PairFilters, after: PersonPair | None) -> int | None:
    """Give the id of the pair to judge after another one; after the last, the first again."""
    open_pairs = pairs_for(actor, filters).with_only_columns(PersonPair.id).limit(1)
    if after is not None:
        place = list(PairGround).index(after.ground), after.id
        follows = tuple_(_STRENGTH, PersonPair.id) > place
        following = db.session.scalar(open_pairs.where(follows))
        if following is not None:
            return following
        open_pairs = open_pairs.where(PersonPair.id != after.id)
    return db.session.scalar(open_pairs)


def count_pairs_for(actor: Actor, filters: PairFilters) -> int:
    """Count the pairs of which the actor looks after both entries."""
    counted = pairs_for(actor, filters).with_only_columns(PersonPair.id).order_by(None)
    return db.session.scalar(select(func.count()).select_from(counted.subquery())) or 0


_ENDS = (PersonPair.first, PersonPair.second)


def _pairs(actor: Actor) -> Select[Any]:
    reach = actor.paths(Permission.BENEFICIARIES_MANAGE)
    return (
        select(PersonPair)
        .join(_First, PersonPair.first)
        .join(_Second, PersonPair.second)
        .join(_FirstKeeper, _First.organization)
        .join(_SecondKeeper, _Second.organization)
        .options(*(joinedload(end).joinedload(Person.organization) for end in _ENDS))
        .where(
            within(_FirstKeeper.path, reach),
            within(_SecondKeeper.path, reach),
            _First.merged_into_id.is_(None),
            _Second.merged_into_id.is_(None),
        )
    )


def _conditions(filters: PairFilters) -> list[ColumnElement[bool]]:
    judged = PersonPair.judged_at
    conditions: list[ColumnElement[bool]] = [
        judged.is_not(None) if filters.is_judged else judged.is_(None)
    ]
    if filters.ground is not None:
        conditions.append(PersonPair.ground == filters.ground)
    if filters.organization_id is not None:
        path = db.session.scalar(
            select(Organization.path).where(Organization.id == filters.organization_id)
        )
        wanted = [] if path is None else [path]
        conditions.append(
            or_(within(_FirstKeeper.path, wanted), within(_SecondKeeper.path, wanted))
        )
    return conditions


def _title(person: Person) -> str:
    return f"{mask_name(person.name)} № {person.id}"


def _both(one: str, other: str) -> str:
    return one if one == other else " / ".join(text or "—" for text in (one, other))
