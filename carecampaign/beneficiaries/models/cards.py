"""Cards: printed in batches, blank at first, each bound to one person, and revocable."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.beneficiaries.models.persons import Person
from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.organizations.models import Organization

CARDS_ON_A_SHEET = 10
MOST_CARDS = 200
"""Of one batch, twenty sheets of A4: whoever needs more prints twice."""


class CardState(Labelled):
    BLANK = "blank", _l("Blank"), "info"
    BOUND = "bound", _l("Bound to a person"), "success"
    REVOKED = "revoked", _l("Revoked")


class Revocation(Labelled):
    """Why a card is not valid any more; a closed list, so that no name ends up in it."""

    LOST = "lost", _l("The card was lost")
    DAMAGED = "damaged", _l("The card is damaged")
    MISPRINTED = "misprinted", _l("Printed wrongly, or the sheet is gone")
    GIVEN_UP = "given_up", _l("Not needed any more")
    OTHER = "other", _l("Another reason")


class CardBatch(Model):
    """Cards that were printed together: blank ones, or one for a person."""

    __tablename__ = "card_batch"
    __table_args__ = (CheckConstraint("size > 0", name="never_empty"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    size: Mapped[int]

    organization: Mapped[Organization] = relationship()


class Card(Model):
    """A card without a word about anybody on it: whoever reads its code learns nothing.

    The code itself is nowhere kept, only what it is found by: the keyed hashes of the whole
    and of its short form. A revoked card stays with the person it was bound to.
    """

    __tablename__ = "card"
    __table_args__ = (
        CheckConstraint(
            "(revoked_at IS NULL) = (revocation IS NULL)", name="revoked_for_a_reason"
        ),
        CheckConstraint("(person_id IS NULL) = (bound_at IS NULL)", name="bound_at_some_time"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("card_batch.id"), index=True)
    code_index: Mapped[bytes] = mapped_column(unique=True)
    short_index: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    bound_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revocation: Mapped[Revocation | None]

    batch: Mapped[CardBatch] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def state(self) -> CardState:
        if self.revoked_at is not None:
            return CardState.REVOKED
        return CardState.BLANK if self.person_id is None else CardState.BOUND
