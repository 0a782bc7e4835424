"""Notices of a campaign, and the consents of persons."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries.merged import entries_of
from carecampaign.campaigns.models import (
    Campaign,
    CampaignState,
    Consent,
    ConsentKind,
    LegalBasis,
    Notice,
)
from carecampaign.campaigns.queries.scope import visible_to
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l


def find_notice(campaign_id: int, number: int | None = None) -> Notice | None:
    """Give one version of a campaign's notice (None: what people are told now), if there is."""
    statement = select(Notice).where(Notice.campaign_id == campaign_id)
    if number is not None:
        statement = statement.where(Notice.number == number)
    return db.session.scalars(statement.order_by(Notice.number.desc()).limit(1)).first()


def get_notice(campaign: Campaign, number: int | None = None) -> Notice:
    """Give one version of a notice (None: the present one). Raises NotFound."""
    notice = find_notice(campaign.id, number)
    if notice is None:
        raise NotFound(_l("There is no such version of the notice."))
    return notice


def list_notices(campaign: Campaign) -> Sequence[Notice]:
    """List all versions of a campaign's notice, the newest first."""
    return db.session.scalars(
        select(Notice)
        .where(Notice.campaign_id == campaign.id)
        .options(joinedload(Notice.written_by))
        .order_by(Notice.number.desc())
    ).all()


def needs_consent(campaign: Campaign) -> bool:
    """Say whether a campaign handles personal data by consent: it does until it says otherwise."""
    return campaign.legal_basis in {None, LegalBasis.CONSENT}


def count_consents(campaign: Campaign) -> dict[ConsentKind, int]:
    """Count the consents that stand in a campaign, by what they are to."""
    rows = db.session.execute(
        select(Consent.kind, func.count())
        .where(Consent.campaign_id == campaign.id, Consent.withdrawn_at.is_(None))
        .group_by(Consent.kind)
    )
    return dict(iter(rows))


def consents_of(person: Person) -> Sequence[Consent]:
    """List all a person ever agreed to, the newest campaign first."""
    return db.session.scalars(
        select(Consent)
        .join(Consent.campaign)
        .where(Consent.person_id.in_(entries_of(person.id)))
        .options(
            joinedload(Consent.campaign),
            joinedload(Consent.notice),
            joinedload(Consent.recorded_by),
            joinedload(Consent.withdrawn_by),
        )
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc(), Consent.id)
    ).all()


def get_consent(person: Person, consent_id: int) -> Consent:
    """Give a consent of a person. Raises NotFound."""
    consent = db.session.scalar(
        select(Consent)
        .where(Consent.id == consent_id, Consent.person_id.in_(entries_of(person.id)))
        .options(joinedload(Consent.campaign), joinedload(Consent.notice))
    )
    if consent is None:
        raise NotFound(_l("There is no such consent."))
    return consent


def list_campaigns_with_notice_for(actor: Actor) -> Sequence[Campaign]:
    """List the campaigns the actor sees that tell people something, the latest first."""
    return db.session.scalars(
        select(Campaign)
        .where(
            visible_to(actor),
            Campaign.state != CampaignState.CLOSED,
            select(Notice.id).where(Notice.campaign_id == Campaign.id).exists(),
        )
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()


def who_agreed(campaign_id: int, person_ids: Collection[int], kind: ConsentKind) -> frozenset[int]:
    """Give those of some persons whose consent of a kind stands in a campaign."""
    rows = db.session.execute(
        _told(campaign_id, person_ids).where(Consent.kind == kind, Consent.withdrawn_at.is_(None))
    )
    return frozenset(row.who for row in rows)


def has_withdrawn(campaign_id: int) -> ColumnElement[bool]:
    """Give the condition that a ``Person`` took back that a campaign handles their data.

    Nobody did where it is handled on another ground than consent, nor who agreed again since.
    """
    handles_by_consent = select(Campaign.id).where(
        Campaign.id == campaign_id,
        func.coalesce(Campaign.legal_basis, LegalBasis.CONSENT) == LegalBasis.CONSENT,
    )
    theirs = select(Consent.id).where(
        Consent.campaign_id == campaign_id,
        Consent.kind == ConsentKind.HANDLING,
        Consent.person_id.in_(entries_of(Person.id)),
    )
    stands = theirs.where(Consent.withdrawn_at.is_(None))
    return and_(
        theirs.correlate(Person).exists(),
        ~stands.correlate(Person).exists(),
        handles_by_consent.exists(),
    )


def _told(campaign_id: int, person_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Select whose consents to one campaign stand or not; ``who`` is who they are kept as."""
    ids = list(person_ids)
    return (
        select(
            func.coalesce(Person.merged_into_id, Person.id).label("who"),
            Consent.kind,
            Consent.withdrawn_at,
        )
        .join(Person, Person.id == Consent.person_id)
        .where(
            Consent.campaign_id == campaign_id,
            or_(Person.id.in_(ids), Person.merged_into_id.in_(ids)),
        )
    )


def what_was_withdrawn(
    campaign_id: int, person_ids: Collection[int]
) -> frozenset[tuple[int, ConsentKind]]:
    """Give what some persons ever took back in a campaign: (person id, kind)."""
    rows = db.session.execute(
        _told(campaign_id, person_ids).where(Consent.withdrawn_at.is_not(None))
    )
    return frozenset((row.who, row.kind) for row in rows)
