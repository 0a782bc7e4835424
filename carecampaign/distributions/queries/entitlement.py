"""What entitlement rules are judged by: who somebody is, and what they were given before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, union
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries.merged import entries_of
from carecampaign.campaigns.models import (
    Campaign,
    CampaignGroupOccupation,
    RosterEntry,
    RosterLock,
)
from carecampaign.campaigns.queries import has_withdrawn
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.distributions.households import household_of
from carecampaign.distributions.models import (
    DistributionEvent,
    Handout,
    HandoutVoid,
    ServedHousehold,
)
from carecampaign.distributions.queries.events import is_reached, reach_of
from carecampaign.inventory.models import (
    LocationKind,
    LotShare,
    Movement,
    StockLocation,
)
from carecampaign.organizations.models import Organization


class Claim(NamedTuple):
    """A named person as the rules of a campaign see them.

    ``group_id`` is that of the occupation, if any, ``path`` that of the union that keeps them;
    ``is_on_roster`` is only so while the roster is locked; ``has_withdrawn`` that their data
    are handled by consent.
    """

    person_id: int
    household: str | None
    group_id: int | None
    path: str
    is_on_roster: bool
    has_withdrawn: bool


def claims_of(person_ids: Iterable[int], campaign_id: int) -> dict[int, Claim]:
    """Read persons as the rules of a campaign see them, by their ids."""
    locked = select(RosterLock.id).where(
        RosterLock.campaign_id == campaign_id, RosterLock.unlocked_at.is_(None)
    )
    entry = select(RosterEntry.id).where(
        RosterEntry.campaign_id == campaign_id, RosterEntry.person_id == Person.id
    )
    rows = db.session.execute(
        select(
            Person.id,
            Person.organization_id,
            Person.household_key,
            CampaignGroupOccupation.group_id,
            Organization.path,
            and_(locked.exists(), entry.exists()).label("is_on_roster"),
            has_withdrawn(campaign_id).label("has_withdrawn"),
        )
        .join(Organization, Organization.id == Person.organization_id)
        .outerjoin(
            CampaignGroupOccupation,
            and_(
                CampaignGroupOccupation.campaign_id == campaign_id,
                CampaignGroupOccupation.occupation_id == Person.occupation_id,
            ),
        )
        .where(Person.id.in_(list(person_ids)))
    )
    return {
        row.id: Claim(
            person_id=row.id,
            household=household_of(row.organization_id, row.household_key),
            group_id=row.group_id,
            path=row.path,
            is_on_roster=bool(row.is_on_roster),
            has_withdrawn=bool(row.has_withdrawn),
        )
        for row in rows
    }


def lock_household(person_id: int) -> None:
    """Keep a person's household from being served elsewhere at the same time.

    All who serve one of it come to hold its first member, whom they hold by then or wait for;
    so nobody waits for somebody who waits for them.
    """
    person = db.session.get_one(Person, person_id)
    db.session.execute(
        select(Person.id)
        .where(
            Person.id
            == select(func.min(Person.id))
            .where(
                Person.organization_id == person.organization_id,
                Person.household_key == person.household_key,
            )
            .scalar_subquery()
        )
        .with_for_update(key_share=True)
    )


@dataclass(frozen=True)
class Given:
    """A handout that stands, as far as rules add it up.

    ``value`` is fen; ``by_source`` is the value by the id of the fund source, known only where
    it was asked for. ``times`` is one, or nothing for a further item. Of what another union
    gave nobody learns what and where (``id``, ``event_id`` and ``item_id`` are None).
    """

    id: UUID | None
    person_id: int
    household: str | None
    campaign_id: int
    event_id: int | None
    item_id: int | None
    happened_at: datetime
    recorded_at: datetime
    held_on: date
    times: int
    quantity: int
    value: int
    by_source: Mapping[int, int]


def given_to(
    person_ids: Collection[int],
    households: Collection[str] = (),
    *,
    campaign_id: int | None = None,
    with_sources: bool = False,
) -> Sequence[Given]:
    """Give what some persons and households were given and still have, in one campaign or any.

    What was given to an entry that was merged was given to the one it went into.
    """
    ids = list(person_ids)
    entries = select(Person.id).where(or_(Person.id.in_(ids), Person.merged_into_id.in_(ids)))
    ways = [_standing(campaign_id).where(Handout.person_id.in_(entries))]
    if households:
        theirs = select(ServedHousehold.handout_id).where(
            ServedHousehold.household.in_(list(households))
        )
        ways.append(_standing(campaign_id).where(Handout.id.in_(theirs)))
    rows = db.session.execute(union(*ways) if households else ways[0]).all()
    sources = _by_source([row.id for row in rows]) if with_sources else {}
    return [Given(**row._mapping, by_source=sources.get(row.id, {})) for row in rows]  # noqa: SLF001


def _standing(campaign_id: int | None) -> Select[*tuple[Any, ...]]:
    """Select the handouts to named persons that stand, of one campaign or any."""
    voided = select(HandoutVoid.id).where(HandoutVoid.handout_id == Handout.id)
    # An index begins with the campaigns, which are few.
    campaigns = select(Campaign.id)
    if campaign_id is not None:
        campaigns = campaigns.where(Campaign.id == campaign_id)
    return (
        select(
            Handout.id,
            func.coalesce(Person.merged_into_id, Person.id).label("person_id"),
            ServedHousehold.household,
            Handout.campaign_id,
            Handout.event_id,
            Handout.item_id,
            Handout.happened_at,
            Handout.recorded_at,
            DistributionEvent.held_on,
            Handout.head_count.label("times"),
            Handout.quantity,
            Handout.value,
        )
        .join(DistributionEvent, DistributionEvent.id == Handout.event_id)
        .join(Person, Person.id == Handout.person_id)
        .outerjoin(ServedHousehold, ServedHousehold.handout_id == Handout.id)
        .where(Handout.campaign_id.in_(campaigns), ~voided.exists())
    )


def others_to_the_same(handout: Handout) -> Sequence[Handout]:
    """List what else stands of what a campaign gave to the person of a handout, in order."""
    if handout.person is None:
        return []
    voided = select(HandoutVoid.id).where(HandoutVoid.handout_id == Handout.id)
    return db.session.scalars(
        select(Handout)
        .where(
            Handout.campaign_id == handout.campaign_id,
            Handout.person_id.in_(entries_of(handout.person.as_kept.id)),
            Handout.id != handout.id,
            ~voided.exists(),
        )
        .options(joinedload(Handout.item))
        .order_by(Handout.happened_at, Handout.id)
    ).all()


def _by_source(handout_ids: Sequence[UUID]) -> dict[UUID, dict[int, int]]:
    """Give the value (fen) of handouts by fund source, after the shares of their lots."""
    values: dict[UUID, dict[int, int]] = {}
    for some in batches(handout_ids):
        rows: Any = db.session.execute(
            select(
                Movement.handout_id,
                LotShare.fund_source_id,
                func.sum(Movement.quantity * LotShare.value),
            )
            .join(LotShare, LotShare.lot_id == Movement.lot_id)
            .join(StockLocation, StockLocation.id == Movement.target_id)
            .where(
                Movement.handout_id.in_(some),
                StockLocation.kind == LocationKind.RECIPIENTS,
            )
            .group_by(Movement.handout_id, LotShare.fund_source_id)
        )
        for handout_id, source_id, value in rows:
            values.setdefault(handout_id, {})[source_id] = int(value)
    return values


def may_override(actor: Actor, event_id: int) -> bool:
    """Say whether the actor may give in spite of a rule: who may settle it there afterwards."""
    statement = select(DistributionEvent.id).where(
        DistributionEvent.id == event_id,
        is_reached(reach_of(actor, Permission.DISTRIBUTIONS_SETTLE)),
    )
    return db.session.scalar(statement) is not None
