"""URL ids bounded to 63 bits, links that keep their query, and the version of a static file."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from werkzeug.routing import BaseConverter, ValidationError

from carecampaign.core.limits import LARGEST_ID

FOR_A_YEAR = "public, max-age=31536000, immutable"
"""What a browser is told of a file whose address changes with its content."""


class IdConverter(BaseConverter):
    """``<id:name>``: a row id. Out of bounds is 404, not an overflow in the database."""

    regex = r"[1-9]\d{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_ID:
            raise ValidationError
        return number

    def to_url(self, value: int) -> str:
        return str(value)


def page_number() -> int:
    """Read ``?page=`` of this request; anything that is none counts as the first."""
    text = request.args.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004
    return max(1, int(text)) if is_number else 1


def url_with(endpoint: str | None = None, **changes: object) -> str:
    """Give this page's URL, or another endpoint's, with arguments replaced; None drops one."""
    # Anybody can write a query: none of it may be taken for an option of url_for.
    query = {
        key: values
        for key, values in request.args.to_dict(flat=False).items()
        if key != "endpoint" and not key.startswith("_")
    }
    arguments: dict[str, Any] = {**query, **(request.view_args or {}), **changes}
    kept = {key: value for key, value in arguments.items() if value is not None}
    return url_for(endpoint or request.endpoint or "static", **kept)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Put what a static file contains into its address, so that it may be kept for long."""
    if endpoint != "static" or "v" in values:
        return
    path = Path(current_app.static_folder or "", values.get("filename", ""))
    if path.is_file():
        values["v"] = _version_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _version_of(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _keep_versioned(response: Response) -> Response:
    """Let browsers keep a static file that was asked for by version, and no other for long.

    Not by SEND_FILE_MAX_AGE_DEFAULT: that would hold for every download, too.
    """
    if request.endpoint == "static" and "v" in request.args and response.status_code < 400:  # noqa: PLR2004
        response.headers["Cache-Control"] = FOR_A_YEAR
    return response


def init_app(app: Flask) -> None:
    """Register the converter, the template global and the versions; before any blueprint."""
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.globals["url_with"] = url_with
    app.url_defaults(_add_version)
    app.after_request(_keep_versioned)
