"""The handout log: a log of what happened, only ever added to."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import CampaignGroup, EntitlementRule
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.distributions.models.events import DistributionEvent

if TYPE_CHECKING:
    from carecampaign.distributions.models.phones import PhoneEntry

KEPT_BY_ITS_KEY = {"sqlite_with_rowid": False}
"""On SQLite a table with a key of its own needs no second tree beside it: less to write."""


class Outcome(Labelled):
    """What became of a client's message; remembered, so a replay never flips it."""

    CREATED = "created", _l("Logged")
    FLAGGED = "flagged", _l("Logged, to be settled")
    REFUSED = "refused", _l("Refused")


class Received(Base):
    """Every message of a client, by the id it made: the same id and content change nothing."""

    __tablename__ = "received"
    __table_args__ = (KEPT_BY_ITS_KEY,)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    digest: Mapped[str]
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class Handout(Base):
    """One handing over. ``id`` is the client's (UUIDv7); rows are never changed.

    ``head_count`` is the person-times it counts for: one for a named person, any number for
    a group arriving together, zero for a further item given to the same recipient.
    ``value`` (fen) and group are snapshots of the moment.
    """

    __tablename__ = "handout"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("head_count >= 0", name="head_count_never_negative"),
        CheckConstraint("person_id IS NULL OR head_count <= 1", name="a_person_counts_once"),
        Index(None, "event_id", "recorded_at"),
        Index(None, "campaign_id", "person_id"),
        KEPT_BY_ITS_KEY,
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("campaign_group.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    quantity: Mapped[int]
    head_count: Mapped[int]
    value: Mapped[int]
    note: Mapped[str]
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    event: Mapped[DistributionEvent] = relationship()
    group: Mapped[CampaignGroup] = relationship()
    item: Mapped[Item] = relationship()
    person: Mapped[Person | None] = relationship()
    logged_by: Mapped[User | None] = relationship()
    void: Mapped["HandoutVoid | None"] = relationship(back_populates="handout")
    phone_entry: Mapped["PhoneEntry | None"] = relationship(
        primaryjoin="Handout.id == foreign(PhoneEntry.id)", viewonly=True, uselist=False
    )

    @property
    def logger_name(self) -> str:
        """Who logged it: an account, or the name given on a phone; "" if nobody."""
        if self.logged_by is not None:
            return self.logged_by.name
        return self.phone_entry.phone.volunteer if self.phone_entry is not None else ""


class HandoutVoid(Base):
    """A handout taken back, with the reason. At most one per handout."""

    __tablename__ = "handout_void"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    handout_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("handout.id"), unique=True)
    reason: Mapped[str]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    handout: Mapped[Handout] = relationship(back_populates="void")
    voided_by: Mapped[User | None] = relationship()


class ExceptionReason(Labelled):
    """What made a handout an exception that a person settles (OFFLINE.md section 2)."""

    OVER_STOCK = "over_stock", _l("More than the stock on the books"), "warning"
    DOUBLE_BENEFICIARY = "double_beneficiary", _l("Served before in this campaign"), "warning"
    NOT_ENTITLED = "not_entitled", _l("Against an entitlement rule"), "warning"
    CONSENT_WITHDRAWN = "consent_withdrawn", _l("Consent withdrawn before"), "warning"
    CLOCK_SUSPECT = "clock_suspect", _l("The phone's clock is in doubt"), "warning"
    AFTER_CLOSE = "after_close", _l("Logged after the event was closed"), "warning"


class HandoutException(Model):
    """A handout that broke a rule: posted and counted at once, settled later by a person.

    Whoever may settle it can give in spite of a rule, and has settled it with that. ``rule``
    is the entitlement rule that was broken, of reason NOT_ENTITLED.
    """

    __tablename__ = "handout_exception"
    __table_args__ = (Index(None, "event_id", "settled_at"),)

    handout_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("handout.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"))
    reason: Mapped[ExceptionReason]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement_rule.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settlement: Mapped[str] = mapped_column(default="")

    handout: Mapped[Handout] = relationship()
    rule: Mapped[EntitlementRule | None] = relationship()
