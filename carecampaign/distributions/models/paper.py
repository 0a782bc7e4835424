"""Handouts that were written on paper, and entered later."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Base, Model
from carecampaign.distributions.models.events import DistributionEvent
from carecampaign.distributions.models.handouts import Handout
from carecampaign.files.models import StoredFile


class PaperSheet(Model):
    """A signed sheet that was entered later: its photo, and when it was written on."""

    __tablename__ = "paper_sheet"

    event_id: Mapped[int] = mapped_column(ForeignKey("distribution_event.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    written_at: Mapped[datetime]
    note: Mapped[str]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    event: Mapped[DistributionEvent] = relationship()
    file: Mapped[StoredFile] = relationship()
    entered_by: Mapped[User | None] = relationship()
    handouts: Mapped[list[Handout]] = relationship(
        secondary="handout_on_paper", order_by="Handout.id", viewonly=True
    )


class HandoutOnPaper(Base):
    """Which entries of the log come from which sheet."""

    __tablename__ = "handout_on_paper"

    handout_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("handout.id"), primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"), index=True)
