"""Photos of a station."""

from carecampaign.access.actor import Actor
from carecampaign.files import services as files
from carecampaign.stations.models import PhotoKind, Station, StationPhoto
from carecampaign.stations.services.errors import TooManyPhotos
from carecampaign.stations.services.recording import record

MOST_PHOTOS = 12


def add_photo(
    station: Station,
    picture: files.PreparedImage,
    *,
    name: str,
    kind: PhotoKind,
    caption: str,
    by: Actor,
) -> StationPhoto:
    """Add a photo to a station; ``name`` is that of the file. Raises TooManyPhotos."""
    if len(station.photos) >= MOST_PHOTOS:
        raise TooManyPhotos
    photo = StationPhoto(file=files.store(picture, name=name, by=by), kind=kind, caption=caption)
    station.photos.append(photo)
    record("add_photo", station, by=by, changes={"photo_kind": kind, "caption": caption})
    return photo


def edit_photo(
    station: Station, photo: StationPhoto, *, kind: PhotoKind, caption: str, by: Actor
) -> None:
    """Say anew what a photo shows."""
    before = {"photo_kind": photo.kind, "caption": photo.caption}
    after = {"photo_kind": kind, "caption": caption}
    photo.kind, photo.caption = kind, caption
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        record("edit_photo", station, by=by, changes=changes)


def remove_photo(station: Station, photo: StationPhoto, *, by: Actor) -> None:
    """Take a photo away, and its file."""
    changes = {"photo_kind": photo.kind, "caption": photo.caption}
    file = photo.file
    station.photos.remove(photo)
    record("remove_photo", station, by=by, changes=changes)
    files.remove(file, by=by)
