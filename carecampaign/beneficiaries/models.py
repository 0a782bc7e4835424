"""Whom the care is for: occupations, the groups derived from them, and named persons."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Base, Model
from carecampaign.organizations.models import Organization


class BeneficiaryGroup(Model):
    """A group of the master taxonomy (DOMAIN.md section 4): E new-employment-form, F outdoor …"""

    __tablename__ = "beneficiary_group"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str]

    occupations: Mapped[list["Occupation"]] = relationship(
        secondary="occupation_group", back_populates="groups", order_by="Occupation.code"
    )


class Occupation(Model):
    """What a person does, stored once; the groups are derived from it (E and F overlap)."""

    __tablename__ = "occupation"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    groups: Mapped[list[BeneficiaryGroup]] = relationship(
        secondary="occupation_group",
        back_populates="occupations",
        order_by="BeneficiaryGroup.code",
    )


class OccupationGroup(Base):
    """An occupation belongs to a group."""

    __tablename__ = "occupation_group"

    occupation_id: Mapped[int] = mapped_column(ForeignKey("occupation.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("beneficiary_group.id"), primary_key=True)


class Person(Model):
    """Somebody known by name: as little as needed, no contact fields.

    ``organization_id`` is the union that keeps the entry (and whose people see it),
    ``employer`` the unit or platform the person works for, as worded.
    """

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(index=True)
    occupation_id: Mapped[int] = mapped_column(ForeignKey("occupation.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    employer: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    occupation: Mapped[Occupation] = relationship()
    organization: Mapped[Organization] = relationship()
