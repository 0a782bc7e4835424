"""The station itself."""

from datetime import date

from sqlalchemy import CheckConstraint, Float, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Model
from carecampaign.organizations.models import Organization
from carecampaign.stations.coordinates import Datum, Position
from carecampaign.stations.models.opening import StationOpening, rules_of
from carecampaign.stations.models.parts import (
    StationAward,
    StationFeature,
    StationListing,
    StationMember,
    StationRating,
)
from carecampaign.stations.models.photos import StationPhoto
from carecampaign.stations.models.vocabulary import (
    BuildMode,
    Feature,
    HostKind,
    StationStatus,
    StationType,
)
from carecampaign.stations.opening import Rules


class Station(Model):
    """A warm station. The owner runs it; partner organisations may use it and see it.

    Beside name, host, owner and address everything may be unknown: "" or None. ``aliases``
    and ``brand`` (劳动者港湾, 邮爱驿站 …) are names people look for; ``district_code`` is the
    six digits of the district. ``longitude`` and ``latitude`` are as entered, of ``datum``;
    queries use the WGS-84 ones computed from them. The area is in square decimetres (a
    hundredth of a square metre). ``lead_phone`` is private: for those who manage the station.
    ``reopens_on`` is what a closed station expects.
    """

    __tablename__ = "station"
    __table_args__ = (
        CheckConstraint(
            "(datum IS NULL) = (longitude IS NULL) AND (datum IS NULL) = (latitude IS NULL)"
            " AND (datum IS NULL) = (wgs84_longitude IS NULL)"
            " AND (datum IS NULL) = (wgs84_latitude IS NULL)",
            name="position_whole_or_unknown",
        ),
        CheckConstraint("area_square_decimetres > 0", name="area_positive"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    aliases: Mapped[str] = mapped_column(default="")
    brand: Mapped[str] = mapped_column(default="")
    station_type: Mapped[StationType | None]
    build_mode: Mapped[BuildMode | None]
    host_unit: Mapped[str]
    host_kind: Mapped[HostKind]
    owner_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    district: Mapped[str]
    district_code: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    address: Mapped[str]
    datum: Mapped[Datum | None]
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    wgs84_longitude: Mapped[float | None] = mapped_column(Float)
    wgs84_latitude: Mapped[float | None] = mapped_column(Float)
    area_square_decimetres: Mapped[int | None]
    capacity: Mapped[int | None]
    opening_note: Mapped[str]
    lead_name: Mapped[str]
    lead_phone: Mapped[str] = mapped_column(default="")
    public_phone: Mapped[str]
    supervision_phone: Mapped[str] = mapped_column(default="")
    opened_on: Mapped[date | None]
    status: Mapped[StationStatus] = mapped_column(index=True)
    status_reason: Mapped[str]
    status_since: Mapped[date | None]
    reopens_on: Mapped[date | None]
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    owner: Mapped[Organization] = relationship()
    partners: Mapped[list[Organization]] = relationship(
        secondary="station_partner", order_by="Organization.name"
    )
    features: Mapped[list[StationFeature]] = relationship(
        cascade="all, delete-orphan", order_by=StationFeature.id
    )
    members: Mapped[list[StationMember]] = relationship(
        cascade="all, delete-orphan", order_by=StationMember.id
    )
    opening: Mapped[list[StationOpening]] = relationship(
        cascade="all, delete-orphan", order_by=StationOpening.id
    )
    listings: Mapped[list[StationListing]] = relationship(
        cascade="all, delete-orphan", order_by=StationListing.id
    )
    ratings: Mapped[list[StationRating]] = relationship(
        cascade="all, delete-orphan",
        order_by=(StationRating.year.desc(), StationRating.id.desc()),
    )
    awards: Mapped[list[StationAward]] = relationship(
        cascade="all, delete-orphan", order_by=(StationAward.year.desc(), StationAward.id)
    )
    photos: Mapped[list[StationPhoto]] = relationship(
        cascade="all, delete-orphan", order_by=StationPhoto.id
    )

    @property
    def rules(self) -> Rules:
        """Give the opening rules."""
        return rules_of(self.opening)

    @property
    def position(self) -> Position | None:
        """Give the coordinates as they were entered."""
        if self.longitude is None or self.latitude is None or self.datum is None:
            return None
        return Position(self.longitude, self.latitude, self.datum)

    @property
    def stars(self) -> int:
        """Give the star level of the newest rating; 0 is none."""
        return self.ratings[0].stars if self.ratings else 0

    @property
    def facilities(self) -> list[Feature]:
        return [row.feature for row in self.features if not row.feature.is_service]

    @property
    def services(self) -> list[Feature]:
        return [row.feature for row in self.features if row.feature.is_service]
