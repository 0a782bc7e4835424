"""Papers that people send as PDF, such as an electronic invoice: kept as they are."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.files.images import LARGEST_UPLOAD, PreparedImage, TooLarge, prepare_image

PDF = "application/pdf"
_BEGINS = b"%PDF-"
_ENDS = b"%%EOF"
_TAIL = 2048
"""Bytes at the end of a PDF among which its end mark stands."""


class NotAPaper(DomainError):
    """The file is neither a picture nor a whole PDF."""

    field = "photo"

    def __init__(self) -> None:
        super().__init__(
            _l("This file cannot be read. Choose a photo (JPEG, PNG, WebP) or a PDF file.")
        )


@dataclass(frozen=True)
class PreparedPaper:
    """A PDF ready to be stored."""

    content: bytes

    @property
    def sha256(self) -> str:
        """What names the bytes (hex)."""
        return hashlib.sha256(self.content).hexdigest()


def prepare_paper(upload: BinaryIO) -> PreparedImage | PreparedPaper:
    """Read a picture, see ``prepare_image``, or a PDF, which is kept as it is.

    A signed invoice must not be written anew. It is only ever handed out to be saved, never
    shown by this site. Raises NotAPaper, TooLarge, or what ``prepare_image`` raises.
    """
    begin = upload.read(len(_BEGINS))
    upload.seek(0)
    if begin != _BEGINS:
        return prepare_image(upload)
    content = upload.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise TooLarge
    if _ENDS not in content[-_TAIL:]:
        raise NotAPaper
    return PreparedPaper(content)
