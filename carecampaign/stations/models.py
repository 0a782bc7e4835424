"""Outdoor workers' warm stations (户外劳动者暖心驿站) and who belongs to them."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.organizations.models import Organization


class HostKind(Labelled):
    BANK = "bank", _l("Bank branch")
    INSURANCE = "insurance", _l("Insurance branch")
    PARTY_CENTRE = "party_centre", _l("Party-service centre")
    COMMUNITY = "community", _l("Community")
    COMPANY = "company", _l("Company")
    PETROL = "petrol", _l("Petrol station")
    POST = "post", _l("Post office")
    PHARMACY = "pharmacy", _l("Pharmacy")
    PARK = "park", _l("Park")
    UNION = "union", _l("Union's own premises")
    OTHER = "other", _l("Other place")


class StationStatus(Labelled):
    PLANNED = "planned", _l("Being set up"), "info"
    OPEN = "open", _l("Open"), "success"
    CLOSED = "closed", _l("Temporarily closed"), "warning"
    DELISTED = "delisted", _l("Delisted"), "secondary"


class Feature(Labelled):
    """What a station offers: facilities and services (DOMAIN.md section 2)."""

    HOT_WATER = "hot_water", _l("Hot drinking water")
    MICROWAVE = "microwave", _l("Microwave oven")
    FRIDGE = "fridge", _l("Refrigerator")
    CHARGING = "charging", _l("Phone charging")
    SEATS = "seats", _l("Tables and seats")
    AIR_CONDITIONING = "air_conditioning", _l("Heating and air conditioning")
    TOILET = "toilet", _l("Toilet")
    MEDICINE_BOX = "medicine_box", _l("Medicine box")
    DEFIBRILLATOR = "defibrillator", _l("Defibrillator (AED)")
    UMBRELLA = "umbrella", _l("Umbrellas")
    TOOLS = "tools", _l("Tool box")
    TYRE_PUMP = "tyre_pump", _l("Tyre pump")
    WIFI = "wifi", _l("Wi-Fi")
    READING = "reading", _l("Books and newspapers")
    LEGAL_ADVICE = "legal_advice", _l("Legal advice")
    UNION_JOINING = "union_joining", _l("Joining the union by code")


class Station(Model):
    """A warm station. The owner runs it; partner organisations may use it and see it."""

    __tablename__ = "station"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    host_unit: Mapped[str]
    host_kind: Mapped[HostKind]
    owner_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    district: Mapped[str]
    address: Mapped[str]
    opening_hours: Mapped[str]
    lead_name: Mapped[str]
    public_phone: Mapped[str]
    status: Mapped[StationStatus] = mapped_column(index=True)
    status_reason: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    owner: Mapped[Organization] = relationship()
    partners: Mapped[list[Organization]] = relationship(
        secondary="station_partner", order_by="Organization.name"
    )
    features: Mapped[list["StationFeature"]] = relationship(
        cascade="all, delete-orphan", order_by="StationFeature.id"
    )
    members: Mapped[list["StationMember"]] = relationship(
        cascade="all, delete-orphan", order_by="StationMember.id"
    )


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
