"""Pictures that people send, made safe: known by content, bounded, without what they tell."""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l

LARGEST_UPLOAD = 20 * 1024 * 1024
"""Bytes; a request is bounded already, this holds for commands, too."""

MOST_PIXELS = 60_000_000
"""Of the picture as sent: above any phone's usual setting, 180 MB unpacked."""

FULL_EDGE = 2000
THUMB_EDGE = 400
_QUALITY = 85
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


class NotAnImage(DomainError):
    """The file is no picture of a kind that is kept, or it is damaged."""

    field = "photo"

    def __init__(self) -> None:
        super().__init__(_l("This is no photo that can be read. Choose a JPEG, PNG or WebP file."))


class PhoneFormat(NotAnImage):
    """A picture in the format some phones keep, which browsers do not show."""

    def __init__(self) -> None:
        DomainError.__init__(
            self,
            _l(
                "Photos in HEIC format cannot be shown. On the phone choose “Most compatible” "
                "for the camera, or save the photo as JPEG."
            ),
        )


class TooLarge(DomainError):
    """The picture is larger than anybody needs, in bytes or in pixels."""

    field = "photo"

    def __init__(self) -> None:
        super().__init__(_l("This photo is too large. Choose one up to 60 million pixels."))


@dataclass(frozen=True)
class PreparedImage:
    """A picture ready to be stored: its two sizes as bytes, its extent in pixels."""

    media_type: str
    width: int
    height: int
    full: bytes
    thumb: bytes

    @property
    def sha256(self) -> str:
        """What names the bytes (hex)."""
        return hashlib.sha256(self.full).hexdigest()


def prepare_image(upload: BinaryIO) -> PreparedImage:
    """Read a picture and write it anew: upright, bounded, without place, time or device.

    It takes up to a second or two: do it before the transaction begins. Of an animation the
    first picture is kept. Raises NotAnImage (PhoneFormat for HEIC) or TooLarge.
    """
    content = upload.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise TooLarge
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise PhoneFormat
    picture, kind = _open(content)
    full = _bounded(picture, FULL_EDGE)
    return PreparedImage(
        media_type=_MEDIA_TYPES[kind],
        width=full.width,
        height=full.height,
        full=_encode(full, kind),
        thumb=_encode(_bounded(full, THUMB_EDGE), kind),
    )


def _open(content: bytes) -> tuple[Image.Image, str]:
    """Give the picture, upright and in plain colours, and its format."""
    try:
        with Image.open(io.BytesIO(content), formats=list(_MEDIA_TYPES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooLarge
            # Phones write JPEG with a second picture behind the first, which is another format.
            kind = "JPEG" if picture.format == "MPO" else str(picture.format)
            picture.draft("RGB", (FULL_EDGE, FULL_EDGE))
            return _plain(ImageOps.exif_transpose(picture)), kind
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError) as error:
        # Pillow says in many ways that a file is cut short, damaged or something else.
        raise NotAnImage from error


def _plain(picture: Image.Image) -> Image.Image:
    """Put colours of print, 16 bits and palettes into what every browser shows."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _bounded(picture: Image.Image, edge: int) -> Image.Image:
    smaller = picture.copy()
    smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return smaller


def _encode(picture: Image.Image, kind: str) -> bytes:
    """Write a picture with its pixels alone: no EXIF, no profile, no comment."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    stream = io.BytesIO()
    options = {} if kind == "PNG" else {"quality": _QUALITY}
    bare.save(stream, kind, **options)
    return stream.getvalue()
