"""Whom the care is for: occupations, the groups derived from them, and named persons."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from carecampaign.beneficiaries.keys import SearchKey, search_keys
from carecampaign.beneficiaries.numbers import mask_id_number, mask_phone, mask_union_number
from carecampaign.core.db import Base, Model
from carecampaign.core.sealed import Sealed
from carecampaign.organizations.models import Organization

SEALED = "sealed"
"""The group of sealed columns: read, and opened, only where somebody asks for them."""


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
    """Somebody known by name: as little as needed, what reaches them sealed and all optional.

    ``organization_id`` is the union that keeps the entry (and whose people see it),
    ``employer`` the unit or platform the person works for, as worded. ``id_number`` is whole,
    or the last four signs of one for who gives no more. ``household_key`` is the same for
    people who live together, and means nothing else. The columns by which a person is found
    are kept right by whatever sets what they are made of.
    """

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(index=True)
    occupation_id: Mapped[int] = mapped_column(ForeignKey("occupation.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    employer: Mapped[str]
    phone: Mapped[str | None] = mapped_column(
        Sealed("person.phone"), deferred=True, deferred_group=SEALED
    )
    id_number: Mapped[str | None] = mapped_column(
        Sealed("person.id_number"), deferred=True, deferred_group=SEALED
    )
    union_number: Mapped[str | None] = mapped_column(
        Sealed("person.union_number"), deferred=True, deferred_group=SEALED
    )
    household_key: Mapped[str] = mapped_column(default="", index=True)
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    name_key: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    given_key: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    pinyin: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    initials: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    employer_key: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    phone_index: Mapped[bytes | None] = mapped_column(index=True)
    phone_tail: Mapped[bytes | None] = mapped_column(index=True)
    id_index: Mapped[bytes | None] = mapped_column(index=True)
    id_tail: Mapped[bytes | None] = mapped_column(index=True)

    occupation: Mapped[Occupation] = relationship()
    organization: Mapped[Organization] = relationship()

    @validates("name", "employer", "phone", "id_number")
    def _keep_findable(self, field: str, value: str | None) -> str | None:
        for column, key in search_keys(**{field: value}).items():
            setattr(self, column, key)
        return value

    @property
    def masked_phone(self) -> str:
        """The phone number as every screen shows it, "" where there is none."""
        return mask_phone(self.phone) if self.phone else ""

    @property
    def masked_id_number(self) -> str:
        """The ID number as every screen shows it, "" where there is none."""
        return mask_id_number(self.id_number) if self.id_number else ""

    @property
    def masked_union_number(self) -> str:
        """The membership number as every screen shows it, "" where there is none."""
        return mask_union_number(self.union_number) if self.union_number else ""
