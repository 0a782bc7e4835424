"""Files that people gave: the row says what a file is, its bytes lie in a folder."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Model


class StoredFile(Model):
    """A stored image or PDF. ``sha256`` (hex) names its bytes; several rows may share the same.

    ``size`` is in bytes, ``width`` and ``height`` in pixels, None for a PDF. ``created_by`` is
    None for the system itself.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="never_empty"),
        CheckConstraint("width > 0 AND height > 0", name="has_an_extent"),
    )

    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    created_by: Mapped[User | None] = relationship()

    @property
    def is_image(self) -> bool:
        """Say whether it can be shown as a picture."""
        return self.width is not None
