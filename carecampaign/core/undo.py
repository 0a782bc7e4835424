"""A message that offers to take back what was just done, by the verb that does so anyway."""

from typing import Any

from flask import flash, url_for


def flash_with_undo(
    message: str,
    endpoint: str,
    *,
    sending: dict[str, str] | None = None,
    **arguments: Any,  # noqa: ANN401 - whatever the endpoint's URL takes
) -> None:
    """Say that something was done, beside a button that posts to ``endpoint``.

    ``arguments`` are those of its URL, ``sending`` the fields of its form. The view behind it
    asks for its own permission and rows again: the button opens nothing that was shut.
    """
    undo = {"url": url_for(endpoint, **arguments), "fields": sending or {}}
    flash({"text": message, "undo": undo}, "success")  # type: ignore[arg-type]
