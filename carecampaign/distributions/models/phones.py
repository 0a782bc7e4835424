"""Phones of volunteers: the passes that let them in, and where each of them logs."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core import clock
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.core.sealed import Sealed, SealedBytes
from carecampaign.distributions.models.events import DistributionEvent
from carecampaign.distributions.models.handouts import KEPT_BY_ITS_KEY


class StationPass(Model):
    """Lets phones log at an event without an account, until 72 hours after its end.

    The code (in the QR) and the six digits are known to nobody once they were shown: of one
    there is a hash, of the other a keyed hash.
    """

    __tablename__ = "station_pass"

    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"), index=True)
    code_digest: Mapped[bytes] = mapped_column(unique=True)
    pin_digest: Mapped[bytes] = mapped_column(index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    event: Mapped[DistributionEvent] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])


class Phone(Base):
    """A phone, by the id it has on itself.

    Let in by a pass it has a secret in a cookie (here its hash) and the name that was asked
    once, for the log; of somebody who is signed in it has neither. ``queue_length`` is how many
    entries it said were waiting when it was last heard, ``clock_offset`` by how many seconds
    its clock was ahead then.
    """

    __tablename__ = "phone"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    secret_digest: Mapped[bytes | None]
    volunteer: Mapped[str] = mapped_column(Sealed("phone.volunteer"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    heard_at: Mapped[datetime] = mapped_column(default=clock.now)
    queue_length: Mapped[int] = mapped_column(default=0)
    clock_offset: Mapped[int] = mapped_column(default=0)

    user: Mapped[User | None] = relationship()


class PhoneAtEvent(Base):
    """A phone that logs at an event. Names of people go to it once a lead has confirmed it."""

    __tablename__ = "phone_at_event"

    phone_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("phone.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(
        ForeignKey("distribution_event.id"), primary_key=True, index=True
    )
    pass_id: Mapped[int | None] = mapped_column(ForeignKey("station_pass.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    phone: Mapped[Phone] = relationship()
    event: Mapped[DistributionEvent] = relationship()
    station_pass: Mapped[StationPass | None] = relationship()


class PhoneEntry(Base):
    """How an entry of the log, or a void, was kept on the phone it comes from.

    ``seq`` counts without gaps on the phone, ``utc_offset`` is how many minutes its clock was
    ahead of UTC, ``mono`` the milliseconds of its clock that never goes back, since ``boot``.
    """

    __tablename__ = "phone_entry"
    __table_args__ = (KEPT_BY_ITS_KEY,)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    phone_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("phone.id"))
    seq: Mapped[int]
    utc_offset: Mapped[int]
    mono: Mapped[int]
    boot: Mapped[str]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    phone: Mapped[Phone] = relationship()


class PutAside(Labelled):
    """Why an entry could not be posted."""

    NOT_READABLE = "not_readable", _l("Not readable")
    UNKNOWN_SCHEMA = "unknown_schema", _l("Of a form that is not known")
    NOT_LET_IN = "not_let_in", _l("From a phone that is not let in at this event")
    NOT_OF_THE_EVENT = "not_of_the_event", _l("A group or a thing that this event has not")
    NO_SUCH_PERSON = "no_such_person", _l("A person this event may not serve")
    ID_CONFLICT = "id_conflict", _l("The same id says something else")
    OF_PUT_ASIDE = "of_put_aside", _l("Takes back what was put aside")
    LATE_UNDO = "late_undo", _l("Taken back too late, or by another phone")


class Quarantined(Model):
    """What a phone sent and nobody could post: kept as it came, until a person has seen to it.

    ``called`` is the id it gave itself, ``digest`` that of its bytes: the same one is kept once.
    """

    __tablename__ = "quarantined_entry"

    digest: Mapped[str] = mapped_column(unique=True)
    called: Mapped[str]
    phone_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("phone.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("distribution_event.id"), index=True)
    reason: Mapped[PutAside]
    raw: Mapped[bytes] = mapped_column(SealedBytes("quarantined_entry.raw"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settlement: Mapped[str] = mapped_column(default="")

    phone: Mapped[Phone] = relationship()
