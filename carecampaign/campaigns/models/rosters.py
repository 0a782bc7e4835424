"""Whom a campaign is for by name: its roster, and the roster locked as the eligible list."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models.plan import Campaign
from carecampaign.core.db import Model
from carecampaign.organizations.models import Organization

IN_FORCE = text("unlocked_at IS NULL")


class RosterEntry(Model):
    """A person on the roster of a campaign, for one of its participating units."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id"),
        Index("ix_roster_entry_campaign_id_unit_id", "campaign_id", "unit_id"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    campaign: Mapped[Campaign] = relationship()
    unit: Mapped[Organization] = relationship()
    person: Mapped[Person] = relationship()


class RosterLock(Model):
    """The roster of a campaign as somebody locked it: from then on the list of the eligible.

    Kept without names: how many there were (``figures``: unit ids and group ids to persons),
    and the keyed digest of who was on it, by which it can be told that nothing changed. Who
    unlocked it later said why.
    """

    __tablename__ = "roster_lock"
    __table_args__ = (
        CheckConstraint("(unlocked_at IS NULL) = (reason = '')", name="unlocked_with_a_reason"),
        Index(
            "ix_roster_lock_campaign_id_in_force",
            "campaign_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    persons: Mapped[int]
    households: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    unlocked_at: Mapped[datetime | None]
    unlocked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(default="")

    campaign: Mapped[Campaign] = relationship()
    locked_by: Mapped[User | None] = relationship(foreign_keys=locked_by_id)
    unlocked_by: Mapped[User | None] = relationship(foreign_keys=unlocked_by_id)
