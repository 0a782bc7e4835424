"""Distribution events and the handout log: a log of what happened, only ever added to."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import Campaign, CampaignGroup
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models import StockLocation
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station

SLOTS = 16
"""Roll-ups per campaign and day are spread over so many rows, by event: no hot row."""


class EventState(Labelled):
    PLANNED = "planned", _l("Planned"), "info"
    OPEN = "open", _l("Handing out now"), "success"
    CLOSED = "closed", _l("Closed"), "secondary"
    CANCELLED = "cancelled", _l("Cancelled"), "danger"


class DistributionEvent(Model):
    """Packages handed out at one place on one day, for the quota of one unit.

    The place is a station or any other (``place``, as worded). The event owns the stock
    location ``location_id``: brought − handed out − returned is its own ledger.

    ``changed_at`` is when it was last moved or cancelled, ``change_reason`` why. ``revision``
    counts the changes to the plan, so that whoever saves an older one is told.
    """

    __tablename__ = "distribution_event"
    __table_args__ = (Index(None, "held_on", "state"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    place: Mapped[str]
    held_on: Mapped[date]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    state: Mapped[EventState] = mapped_column(default=EventState.PLANNED)
    note: Mapped[str]
    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), unique=True)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    change_reason: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    campaign: Mapped[Campaign] = relationship()
    unit: Mapped[Organization] = relationship()
    station: Mapped[Station | None] = relationship()
    location: Mapped[StockLocation] = relationship()
    plans: Mapped[list["EventPlan"]] = relationship(
        order_by="EventPlan.id", cascade="all, delete-orphan"
    )
    volunteers: Mapped[list[User]] = relationship(
        secondary="event_volunteer", order_by="User.name"
    )


class EventPlan(Model):
    """How many packages an event plans for a target group."""

    __tablename__ = "event_plan"
    __table_args__ = (CheckConstraint("planned >= 0", name="planned_never_negative"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("campaign_group.id"), index=True)
    planned: Mapped[int]

    group: Mapped[CampaignGroup] = relationship()


class EventVolunteer(Base):
    """Somebody assigned to log at an event."""

    __tablename__ = "event_volunteer"

    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class Outcome(Labelled):
    """What became of a client's message; remembered, so a replay never flips it."""

    CREATED = "created", _l("Logged")
    FLAGGED = "flagged", _l("Logged, to be settled")
    REFUSED = "refused", _l("Refused")


KEPT_BY_ITS_KEY = {"sqlite_with_rowid": False}
"""On SQLite a table with a key of its own needs no second tree beside it: less to write."""


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
    AFTER_CLOSE = "after_close", _l("Logged after the event was closed"), "warning"


class HandoutException(Model):
    """A handout that broke a rule: posted and counted at once, settled later by a person."""

    __tablename__ = "handout_exception"
    __table_args__ = (Index(None, "event_id", "settled_at"),)

    handout_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("handout.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"))
    reason: Mapped[ExceptionReason]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settlement: Mapped[str] = mapped_column(default="")

    handout: Mapped[Handout] = relationship()


class Tally(Base):
    """What an event handed out on a day: kept in the handout's own transaction.

    ``person_times``, ``quantity`` (pieces or packages of ``item_id``) and ``value`` (fen) are
    different figures and never derived from one another. Voids subtract.
    """

    __tablename__ = "tally"
    __table_args__ = (Index(None, "campaign_id", "day"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("campaign_group.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_times: Mapped[int]
    quantity: Mapped[int]
    value: Mapped[int]


class CampaignDay(Base):
    """The roll-up of a campaign's day, spread over slots by event."""

    __tablename__ = "campaign_day"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_times: Mapped[int]
    packages: Mapped[int]
    pieces: Mapped[int]
    value: Mapped[int]


class Served(Base):
    """How often a named person was served; persons are counted from here, they do not add up."""

    __tablename__ = "served"
    __table_args__ = (Index(None, "campaign_id", "person_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    times: Mapped[int]
