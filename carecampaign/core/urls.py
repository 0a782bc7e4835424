"""URL ids bounded to 63 bits, and links that keep the query they came with."""

from typing import Any

from flask import Flask, request, url_for
from werkzeug.routing import BaseConverter, ValidationError

from carecampaign.core.limits import LARGEST_ID


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


def init_app(app: Flask) -> None:
    """Register the converter and the template global; before any blueprint."""
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.globals["url_with"] = url_with
