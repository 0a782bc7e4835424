"""Photos of a station."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Model
from carecampaign.files.models import StoredFile
from carecampaign.stations.models.vocabulary import PhotoKind


class StationPhoto(Model):
    """A photo of a station, from outside, inside, or of its sign."""

    __tablename__ = "station_photo"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    kind: Mapped[PhotoKind]
    caption: Mapped[str]

    file: Mapped[StoredFile] = relationship()
