"""A message that offers to take back what was just done, by the verb that does so anyway."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, url_for

MOST_UNDONE = 50
"""Rows that one button takes back: it waits in the cookie of the session, which holds 4 KB."""


def flash_with_undo(
    message: str,
    endpoint: str,
    *,
    sending: Mapping[str, str | Sequence[int]] | None = None,
    **arguments: Any,  # noqa: ANN401 - whatever the endpoint's URL takes
) -> None:
    """Say that something was done, beside a button that posts to ``endpoint``.

    ``arguments`` are those of its URL, ``sending`` the fields of its form, of which one may
    have up to MOST_UNDONE values. The view behind it asks for its own permission and rows
    again: the button opens nothing that was shut.
    """
    undo = {"url": url_for(endpoint, **arguments), "fields": dict(sending or {})}
    flash({"text": message, "undo": undo}, "success")  # type: ignore[arg-type]
