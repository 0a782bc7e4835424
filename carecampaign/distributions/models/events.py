"""Distribution events: where, when, for whom, and with how much."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.campaigns.models import Campaign, CampaignGroup
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models import StockLocation
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station


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
