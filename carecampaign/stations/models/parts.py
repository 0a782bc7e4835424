"""What belongs to a station: features, people, partners, maps, levels."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Base, Model
from carecampaign.stations.models.vocabulary import AwardLevel, Feature, MapService

MOST_STARS = 5


class StationPartner(Base):
    """An organisation that may use a station it does not own."""

    __tablename__ = "station_partner"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, index=True
    )


class StationFeature(Model):
    """One facility or service of a station."""

    __tablename__ = "station_feature"
    __table_args__ = (UniqueConstraint("station_id", "feature"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    feature: Mapped[Feature] = mapped_column(index=True)


class StationMember(Model):
    """Somebody who belongs to a station: its lead, or a volunteer there."""

    __tablename__ = "station_member"
    __table_args__ = (UniqueConstraint("station_id", "user_id"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    is_lead: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship()


class StationListing(Model):
    """A map that shows a station, and since when as far as anybody knows."""

    __tablename__ = "station_listing"
    __table_args__ = (UniqueConstraint("station_id", "service"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    service: Mapped[MapService]
    listed_on: Mapped[date | None]


class StationRating(Model):
    """The star level a station was given in a year; the newest counts, 0 took it away."""

    __tablename__ = "station_rating"
    __table_args__ = (CheckConstraint(f"stars BETWEEN 0 AND {MOST_STARS}", name="stars_exist"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    year: Mapped[int]
    stars: Mapped[int]
    note: Mapped[str]


class StationAward(Model):
    """A year's title of Most Beautiful Station (最美驿站)."""

    __tablename__ = "station_award"
    __table_args__ = (UniqueConstraint("station_id", "year", "level"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    year: Mapped[int]
    level: Mapped[AwardLevel]
