"""Answer with a file, after the area it belongs to has checked that it may be seen."""

from flask import Response, request

from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.files import storage
from carecampaign.files.models import StoredFile

KEPT_FOR = 3600
"""Seconds a browser shows a photo without asking whether it may still."""


def send(file: StoredFile, size: str = storage.FULL) -> Response:
    """Answer with the bytes of a file, "full" or "thumb", or with 304. Raises NotFound.

    A PDF has no "thumb".
    Only the browser of the person who asked keeps them.
    """
    response = Response(_bytes_of(file, size), mimetype=file.media_type)
    if not file.is_image:
        # A PDF may hold scripts of its own: it is saved, not shown by this site.
        response.headers.set("Content-Disposition", "attachment", filename=f"{file.sha256}.pdf")
    response.set_etag(f"{file.sha256}-{size}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    response.make_conditional(request)
    return response


def _bytes_of(file: StoredFile, size: str) -> bytes:
    try:
        if size in storage.SIZES:
            return storage.path_of(file.sha256, size).read_bytes()
    except FileNotFoundError:
        pass  # lost with its folder: the page shows the rest
    raise NotFound(_l("There is no such file."))
