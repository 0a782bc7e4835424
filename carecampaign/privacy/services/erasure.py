"""Make nobody of somebody in the register; what was handed out stays handed out (law 4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.keys import search_keys
from carecampaign.beneficiaries.models import Card, Person, Revocation
from carecampaign.beneficiaries.queries import Erased, MergedAway
from carecampaign.beneficiaries.services.pairs import forget_pairs
from carecampaign.campaigns.models import (
    Campaign,
    CampaignState,
    Consent,
    RosterEntry,
    RosterLock,
)
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.privacy.erasing import ErasureReason

NOBODY = "已匿名"
"""What stands where a name stood. It is data, and so the same in every language."""


NO_NUMBERS: dict[str, Any] = {
    "phone": None,
    "id_number": None,
    "union_number": None,
    "household_key": "",
    **search_keys(phone=None, id_number=None),
}
"""What is written over the numbers of a person."""

NO_NAME: dict[str, Any] = {"employer": "", **search_keys(name="", employer="")} | {"name": NOBODY}
"""What is written over the rest that says who somebody is; nothing finds it."""


def erase_person(person: Person, reason: ErasureReason, *, by: Actor) -> None:
    """Erase what is kept of a person; occupation, union, handouts and figures stay.

    Their cards are not valid any more, their consents are withdrawn, and they are taken off
    the rosters that can still change. If they come again they are somebody new. Raises Erased
    and MergedAway where somebody was faster.
    """
    db.session.refresh(person, with_for_update={"key_share": True})
    if person.merged_into_id is not None:
        raise MergedAway(person.merged_into_id)
    if person.erased_at is not None:
        raise Erased(person)
    _withdraw_consents(person, by=by)
    anonymize([person.id])
    db.session.refresh(person)
    audit.record(
        "privacy.erase",
        person,
        by=by,
        name=f"№ {person.id}",
        path=person.organization.path,
        changes={"reason": str(reason.label)},
    )


def anonymize(person_ids: Sequence[int]) -> None:
    """Write over who these persons are, and over whatever leads to them; they have to be held."""
    change = update(Person).where(Person.id.in_(person_ids))
    values = NO_NUMBERS | NO_NAME | {"erased_at": clock.now()}
    db.session.execute(change.values(values).execution_options(synchronize_session=False))
    revoke = update(Card).where(Card.person_id.in_(person_ids), Card.revoked_at.is_(None))
    db.session.execute(revoke.values(revoked_at=clock.now(), revocation=Revocation.GIVEN_UP))
    locked = select(RosterLock.campaign_id).where(RosterLock.unlocked_at.is_(None))
    open_campaigns = select(Campaign.id).where(
        Campaign.state != CampaignState.CLOSED, Campaign.id.not_in(locked)
    )
    db.session.execute(
        delete(RosterEntry).where(
            RosterEntry.person_id.in_(person_ids), RosterEntry.campaign_id.in_(open_campaigns)
        )
    )
    forget_pairs(person_ids)


def forget_numbers(person_ids: Sequence[int]) -> None:
    """Write over the numbers of these persons, as if nothing else of them had changed."""
    values = NO_NUMBERS | {"changed_at": Person.changed_at}
    change = update(Person).where(Person.id.in_(person_ids)).values(values)
    db.session.execute(change.execution_options(synchronize_session=False))


def _withdraw_consents(person: Person, *, by: Actor) -> None:
    db.session.execute(
        update(Consent)
        .where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now(), withdrawn_by_id=by.id)
    )
