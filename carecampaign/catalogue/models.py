"""What is kept and handed out: items, and care packages as items with versioned contents."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l


class ItemKind(Labelled):
    GOODS = "goods", _l("Care goods")
    PACKAGE = "package", _l("Care package")


class Item(Model):
    """Anything that is stocked. A version of a care package is an item too: one table, one ledger.

    ``reference_value`` is fen apiece: what a piece is booked at until its lot is known.
    """

    __tablename__ = "item"
    __table_args__ = (CheckConstraint("reference_value >= 0", name="value_never_negative"),)

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[ItemKind] = mapped_column(default=ItemKind.GOODS)
    spec: Mapped[str]
    unit: Mapped[str]
    reference_value: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class CarePackage(Model):
    """A care package (慰问包) by name; what is in it stands in its versions."""

    __tablename__ = "care_package"

    name: Mapped[str] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)

    versions: Mapped[list["PackageVersion"]] = relationship(
        back_populates="package", order_by="PackageVersion.number"
    )

    @property
    def latest(self) -> "PackageVersion":
        """The version that holds now; a package is created with its first."""
        return self.versions[-1]


class PackageVersion(Model):
    """The contents of a care package from one moment on; never changed, only followed by the next.

    ``is_exhaustive`` is False where the source says 等 ("and others"): the list is not all.
    """

    __tablename__ = "package_version"
    __table_args__ = (UniqueConstraint("package_id", "number"),)

    package_id: Mapped[int] = mapped_column(ForeignKey("care_package.id"))
    number: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), unique=True)
    is_exhaustive: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str]

    package: Mapped[CarePackage] = relationship(back_populates="versions")
    item: Mapped[Item] = relationship()
    lines: Mapped[list["PackageLine"]] = relationship(order_by="PackageLine.id")

    @property
    def value(self) -> int:
        """What the contents are worth by their reference values today, in fen."""
        return sum(line.quantity * line.item.reference_value for line in self.lines)


class PackageLine(Model):
    """So many pieces of an item in one package."""

    __tablename__ = "package_line"
    __table_args__ = (
        UniqueConstraint("version_id", "item_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("package_version.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    quantity: Mapped[int]

    item: Mapped[Item] = relationship()
