"""Named persons: what is known of them, and the columns by which they are found."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from carecampaign.beneficiaries.keys import SearchKey, search_keys
from carecampaign.beneficiaries.models.occupations import Occupation
from carecampaign.beneficiaries.numbers import mask_id_number, mask_phone, mask_union_number
from carecampaign.core import clock
from carecampaign.core.db import Model
from carecampaign.core.sealed import Sealed
from carecampaign.organizations.models import Organization

SEALED = "sealed"
"""The group of sealed columns: read, and opened, only where somebody asks for them."""


class Person(Model):
    """Somebody known by name: as little as needed, what reaches them sealed and all optional.

    ``organization_id`` is the union that keeps the entry (and whose people see it),
    ``employer`` the unit or platform the person works for, as worded. ``id_number`` is whole,
    or the last four signs of one for who gives no more. ``household_key`` is the same for
    people who live together, and means nothing else. The columns by which a person is found
    are kept right by whatever sets what they are made of.

    An entry that was merged into another (``merged_into_id``) holds nothing any more but
    where it went: it is found by nothing, and whatever names it means the other. The other
    is never merged itself: those that led to it are led on. One that was erased
    (``erased_at``) says of nobody any more who it is: what stays is for the figures alone.
    ``changed_at`` is when anything of the entry was last changed, None for never.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index(None, "employer_key", "pinyin"),
        Index(
            None,
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
            sqlite_where=text("merged_into_id IS NOT NULL"),
        ),
    )

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
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None] = mapped_column(onupdate=clock.now)
    erased_at: Mapped[datetime | None]

    name_key: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    given_key: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    pinyin: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    initials: Mapped[str] = mapped_column(SearchKey, default="", index=True)
    employer_key: Mapped[str] = mapped_column(SearchKey, default="")
    phone_index: Mapped[bytes | None] = mapped_column(index=True)
    phone_tail: Mapped[bytes | None] = mapped_column(index=True)
    id_index: Mapped[bytes | None] = mapped_column(index=True)
    id_tail: Mapped[bytes | None] = mapped_column(index=True)

    occupation: Mapped[Occupation] = relationship()
    organization: Mapped[Organization] = relationship()
    merged_into: Mapped["Person | None"] = relationship(remote_side="Person.id", lazy="selectin")

    @validates("name", "employer", "phone", "id_number")
    def _keep_findable(self, field: str, value: str | None) -> str | None:
        for column, key in search_keys(**{field: value}).items():
            setattr(self, column, key)
        return value

    @property
    def as_kept(self) -> "Person":
        """The entry that now holds what is known of this person: itself, unless merged."""
        return self.merged_into or self

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


KNOWN = and_(Person.merged_into_id.is_(None), Person.erased_at.is_(None))
"""The condition that an entry says who somebody is: neither merged into another nor erased."""
