"""What people do, and the groups of the master taxonomy derived from it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Base, Model


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
