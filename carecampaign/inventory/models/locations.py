"""Where stock is, or comes from, or goes to."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station


class LocationKind(Labelled):
    WAREHOUSE = "warehouse", _l("Warehouse")
    STATION = "station", _l("Station")
    UNIT = "unit", _l("Participating unit")
    EVENT = "event", _l("Distribution event")
    TRANSIT = "transit", _l("In transit")
    SUPPLIER = "supplier", _l("Supplier")
    DONOR = "donor", _l("Donor")
    ASSEMBLY = "assembly", _l("Assembly")
    RECIPIENTS = "recipients", _l("Recipients")
    LOSS = "loss", _l("Loss and damage")
    SETTLEMENT = "settlement", _l("Settlement")
    ISSUED = "issued", _l("Issued for use")


VIRTUAL_KINDS = frozenset(
    {
        LocationKind.SUPPLIER,
        LocationKind.DONOR,
        LocationKind.ASSEMBLY,
        LocationKind.RECIPIENTS,
        LocationKind.LOSS,
        LocationKind.SETTLEMENT,
        LocationKind.ISSUED,
    }
)
"""Only summed: a balance row for "recipients" would be one hot row for the whole country."""


class StockLocation(Model):
    """Where stock is, or comes from, or goes to.

    A warehouse, station, unit, event or transit location belongs to an organisation, whose
    people see it. Transit to a place is a location of its own (``destination_id``). Virtual
    locations belong to nobody: there is one of each kind.
    """

    __tablename__ = "stock_location"
    __table_args__ = (UniqueConstraint("kind", "name", "organization_id"),)

    kind: Mapped[LocationKind] = mapped_column(index=True)
    name: Mapped[str]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), unique=True)
    destination_id: Mapped[int | None] = mapped_column(
        ForeignKey("stock_location.id"), unique=True
    )
    is_active: Mapped[bool] = mapped_column(default=True)

    organization: Mapped[Organization | None] = relationship()
    station: Mapped[Station | None] = relationship()
