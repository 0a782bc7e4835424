"""Keep the roster of a campaign, and lock it as the list of the eligible."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    RosterEntry,
    RosterLock,
)
from carecampaign.campaigns.queries.rosters import (
    count_roster,
    find_lock,
    list_roster_pairs,
    persons_on_roster,
)
from carecampaign.campaigns.services.drafts import record
from carecampaign.core import clock
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


class RosterIsLocked(Conflict):
    """The roster is locked as the list of the eligible."""

    def __init__(self) -> None:
        super().__init__(
            _l("The list of this campaign is locked: unlock it with a reason to change it.")
        )


class CampaignIsOver(Conflict):
    """The campaign is closed, and its roster stays as it is."""

    def __init__(self) -> None:
        super().__init__(_l("This campaign is closed: its roster stays as it is."))


class TakesNoPart(DomainError):
    """The unit does not take part in the campaign."""

    field = "unit_id"

    def __init__(self, unit: Organization) -> None:
        super().__init__(
            _l("“%(unit)s” is no participating unit of this campaign.", unit=unit.name)
        )


class NobodyOnIt(DomainError):
    """An empty roster cannot be locked."""

    def __init__(self) -> None:
        super().__init__(_l("Nobody is on the roster yet."))


class NotLocked(Conflict):
    """The roster is not locked, or no longer."""

    def __init__(self) -> None:
        super().__init__(_l("The list of this campaign is not locked."))


@dataclass(frozen=True)
class Added:
    """How many came onto a roster, were on it for the unit, and are on it for another unit."""

    new: int
    already: int
    elsewhere: int


def check_roster(campaign: Campaign, unit: Organization) -> None:
    """Make sure that persons of a unit may be put on the roster of a campaign.

    Raises CampaignIsOver, RosterIsLocked, TakesNoPart.
    """
    if campaign.state is CampaignState.CLOSED:
        raise CampaignIsOver
    if find_lock(campaign) is not None:
        raise RosterIsLocked
    if db.session.get(CampaignUnit, (campaign.id, unit.id)) is None:
        raise TakesNoPart(unit)


def add_to_roster(
    campaign: Campaign, unit: Organization, person_ids: Sequence[int], *, by: Actor
) -> Added:
    """Put persons on the roster of a campaign for a unit; each is on it once, for one unit.

    Raises what check_roster raises.
    """
    _hold(campaign)
    check_roster(campaign, unit)
    there: dict[int, int] = {}
    for some in batches(person_ids):
        there |= persons_on_roster(campaign, some)
    new = [person_id for person_id in person_ids if person_id not in there]
    rows = [
        {"campaign_id": campaign.id, "unit_id": unit.id, "person_id": id_, "added_by_id": by.id}
        for id_ in new
    ]
    for some_rows in batches(rows):
        db.session.execute(insert(RosterEntry), some_rows)
    already = sum(unit_id == unit.id for unit_id in there.values())
    if new:
        changes = {"participating_unit": unit.name, "persons": len(new)}
        record("add_to_roster", campaign, by=by, changes=changes)
    return Added(len(new), already, len(there) - already)


def remove_from_roster(entry: RosterEntry, *, by: Actor) -> None:
    """Take a person off a roster; what they were handed out stays. Raises RosterIsLocked."""
    campaign = entry.campaign
    _hold(campaign)
    if campaign.state is CampaignState.CLOSED:
        raise CampaignIsOver
    if find_lock(campaign) is not None:
        raise RosterIsLocked
    changes = {"participating_unit": entry.unit.name, "person": f"№ {entry.person_id}"}
    db.session.delete(entry)
    record("remove_from_roster", campaign, by=by, changes=changes)


def remove_units_from_roster(campaign: Campaign, unit_ids: Collection[int]) -> None:
    """Take everybody off a roster who is on it for these units. Raises RosterIsLocked."""
    _hold(campaign)
    mine = (RosterEntry.campaign_id == campaign.id, RosterEntry.unit_id.in_(list(unit_ids)))
    gone = db.session.scalars(delete(RosterEntry).where(*mine).returning(RosterEntry.id)).all()
    if gone and find_lock(campaign) is not None:
        raise RosterIsLocked


def lock_roster(campaign: Campaign, *, by: Actor) -> RosterLock:
    """Lock the roster as the list of the eligible: nobody comes onto it or off it.

    Raises CampaignIsOver, RosterIsLocked, NobodyOnIt.
    """
    _hold(campaign)
    if campaign.state is CampaignState.CLOSED:
        raise CampaignIsOver
    if find_lock(campaign) is not None:
        raise RosterIsLocked
    figures = count_roster(campaign)
    if not figures.persons:
        raise NobodyOnIt
    lock = RosterLock(
        campaign=campaign,
        locked_by_id=by.id,
        persons=figures.persons,
        households=figures.households,
        figures={"units": figures.by_unit, "groups": figures.by_group},
        digest=digest_of_roster(campaign),
    )
    db.session.add(lock)
    db.session.flush()
    changes = {
        "persons": lock.persons,
        "households": lock.households,
        "sha256": lock.digest,
    }
    record("lock_roster", campaign, by=by, changes=changes)
    return lock


def unlock_roster(campaign: Campaign, *, reason: str, by: Actor) -> None:
    """Let the roster change again, saying why. Raises NotLocked."""
    _hold(campaign)
    lock = find_lock(campaign)
    if lock is None:
        raise NotLocked
    lock.unlocked_at = clock.now()
    lock.unlocked_by_id = by.id
    lock.reason = reason
    db.session.flush()
    record("unlock_roster", campaign, by=by, changes={"reason": reason})


def digest_of_roster(campaign: Campaign) -> str:
    """Give the keyed digest of who is on a roster for which unit: it names nobody."""
    pairs = (f"{unit_id}:{person_id}" for unit_id, person_id in list_roster_pairs(campaign))
    return audit.keyed_digest("\n".join(pairs))


def _hold(campaign: Campaign) -> None:
    """Hold the campaign: who changes its roster, and who locks it, come one after the other."""
    held = select(Campaign.id).where(Campaign.id == campaign.id)
    db.session.execute(held.with_for_update(key_share=True))  # handouts may refer to it
