"""Counters kept in the handout's own transaction, so that no figure is added up twice (law 4)."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from carecampaign.core.db import Base

SLOTS = 16
"""Roll-ups per campaign and day are spread over so many rows, by event: no hot row."""


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


class ServedHousehold(Base):
    """That a handout which stands went to a household; households are counted from here.

    One row for each handout to a named person of a household, taken away by its void: what
    household somebody was of stays right when they move. ``household`` is a keyed digest,
    ``times`` nothing for a further item.
    """

    __tablename__ = "served_household"
    __table_args__ = (
        CheckConstraint("times >= 0", name="times_never_negative"),
        Index(None, "household"),
        Index(None, "campaign_id", "unit_id", "household"),
        Index(None, "event_id"),
    )

    handout_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("handout.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    household: Mapped[str]
    times: Mapped[int]
