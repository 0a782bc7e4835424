"""Two persons who may be one, until somebody says so; and who is still to be compared."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models.persons import Person
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l


class PairGround(Labelled):
    """What speaks for two entries being of one person, the strongest first."""

    SAME_ID = "same_id", _l("Same ID number"), "danger"
    SAME_PHONE = "same_phone", _l("Same phone number"), "warning"
    SAME_NAME = "same_name", _l("Same name and unit"), "warning"
    ALIKE = "alike", _l("Similar name, same unit"), "info"
    REPORTED = "reported", _l("Reported by somebody"), "info"


class PersonPair(Model):
    """Two entries of the register that may be of one person.

    ``judged_at`` is when somebody said that they are different: then they stay so, whatever
    is found later. If they are one, the one is merged into the other, and the pair is gone.
    """

    __tablename__ = "person_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="each_pair_once"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ground: Mapped[PairGround]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    first: Mapped[Person] = relationship(foreign_keys=first_id)
    second: Mapped[Person] = relationship(foreign_keys=second_id)
    judged_by: Mapped[User | None] = relationship()


class Uncompared(Base):
    """A person to be compared with the others: what they are found by is new."""

    __tablename__ = "person_uncompared"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
