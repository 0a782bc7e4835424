"""Forms and clients may send a command twice; it takes effect once."""

import uuid
from datetime import datetime

from sqlalchemy import Uuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from carecampaign.core import clock
from carecampaign.core.db import Base, UTCDateTime, db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _l


class Command(Base):
    """A command that took effect, and the row it made (``outcome``: an id, or empty)."""

    __tablename__ = "command"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    verb: Mapped[str]
    outcome: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class AlreadyDone(Conflict):
    """The command took effect before; ``outcome`` is the id of what it made then."""

    def __init__(self, outcome: int | None) -> None:
        super().__init__(_l("This was already saved."))
        self.outcome = outcome


def claim(command_id: str | uuid.UUID, verb: str) -> Command:
    """Note that a command takes effect now; set ``outcome`` on the row once it is known.

    Call it first inside the transaction. Raises AlreadyDone when it took effect before,
    Conflict when its id was used for another verb.
    """
    key = uuid.UUID(str(command_id))
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Command).values(id=key, verb=verb, recorded_at=clock.now())
    made = db.session.execute(statement.on_conflict_do_nothing().returning(Command.id)).first()
    row = db.session.get_one(Command, key)
    if made is None:
        if row.verb != verb:
            raise Conflict(_l("This form was sent before for something else. Open it anew."))
        raise AlreadyDone(row.outcome)
    return row
