"""What a restore leaves in the database it restored."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from carecampaign.core.db import Model


class Epoch(Model):
    """A life of the database: each restore begins one, and phones send again what they keep.

    ``made_at`` is when the backup was made (UTC): what came after it is what is asked for.
    """

    __tablename__ = "epoch"

    token: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
