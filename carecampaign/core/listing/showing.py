"""Answer a request for a list: one page on screen, or all of it as a file."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlencode

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.core.downloads import send_csv, send_xlsx
from carecampaign.core.forms import FilterForm
from carecampaign.core.i18n import _
from carecampaign.core.listing.asking import EVERYTHING, FORMATS, Asked, lasting, read_request
from carecampaign.core.listing.chips import Chip, chips_of
from carecampaign.core.listing.columns import Column, Listing
from carecampaign.core.listing.paging import PAGE_SIZES, Page
from carecampaign.core.listing.rows import (
    Complete,
    Source,
    Sums,
    all_rows,
    as_they_are,
    count_and_sum,
    fetch_page,
)
from carecampaign.core.sheets import Cell, Sheet

MOST_EXPORTED = 100_000
"""Rows of one file; who needs more narrows the filters."""

SAVED_VIEWS = "saved_views"
"""The extension that gives a reader's own views of a list, by its endpoint."""


class View(Protocol):
    """A list as somebody named it: filters, order and columns as a query."""

    @property
    def name(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def is_default(self) -> bool: ...


@dataclass(frozen=True)
class Listed:
    """A list as a template shows it."""

    listing: Listing[Any]
    asked: Asked
    page: Page[Any]
    sums: Sums
    form: FilterForm | None = None
    may_export: bool = True
    views: Sequence[View] = field(default=())

    page_sizes = PAGE_SIZES
    most_exported = MOST_EXPORTED

    @property
    def rows(self) -> Sequence[Any]:
        return self.page.items

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        return self.asked.columns

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in force."""
        return [] if self.form is None else chips_of(self.form)

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips) or (self.form is not None and bool(self.form.errors))

    @property
    def query(self) -> str:
        """What of the URL lasts: it shows the same list again another day."""
        return urlencode(self.kept(()))

    def kept(self, without: Collection[str]) -> list[tuple[str, str]]:
        """Give the arguments of this list that a form or a link takes along."""
        pairs = request.args.items(multi=True)
        return [(name, value) for name, value in lasting(pairs) if name not in without]

    def url_without(self, chip: Chip) -> str:
        """Where a filter is no longer in force."""
        kept = self.kept([chip.name])
        return f"{_own_url()}?{urlencode(kept)}" if kept else self.whole_url

    def sorted_by(self, column: Column[Any]) -> str:
        """Say how rows are sorted by a column: "ascending", "descending", or not at all: ""."""
        directions = {column.key: "ascending", f"-{column.key}": "descending"}
        return directions.get(self.asked.sort, "")

    @property
    def whole_url(self) -> str:
        """The list as it is without any filter; not the reader's own view of it."""
        return _own_url(view=EVERYTHING if any(view.is_default for view in self.views) else None)

    def view_url(self, view: View) -> str:
        """Where a saved view leads."""
        return f"{_own_url()}?{view.query}"


def show_list(
    template: str,
    listing: Listing[Any],
    source: Source,
    *,
    form: FilterForm | None = None,
    complete: Complete = as_they_are,
    may_export: bool = True,
    title: str = "",
    around: int = 0,
    **values: object,
) -> ResponseReturnValue:
    """Answer with a page of a list as ``listed``, or with the file that ``?format=`` asks for.

    ``form`` has read its filters, and ``source`` is what they leave: a statement, or rows that
    are in memory already. A file has the rows, the order and the columns of the screen, over
    all pages; it is named after ``title`` or else the list. Whoever opens a list without asking
    for anything gets the view they begin with, if they saved one. ``around`` is the place of a
    row to show while nobody asks for a page.
    """
    views = current_app.extensions[SAVED_VIEWS](request.endpoint)
    begins_with = next((view for view in views if view.is_default), None)
    if begins_with is not None and not request.args:
        return redirect(f"{_own_url()}?{begins_with.query}")
    asked = read_request(listing, around=around)
    if "format" in request.args:
        _check_export(may_export=may_export)
        return _as_file(title or str(listing.title), listing, source, asked, complete)
    page, sums = fetch_page(listing, source, asked, complete)
    listed = Listed(listing, asked, page, sums, form, may_export, views)
    return render_template(template, listed=listed, form=form, **values)


def _own_url(**arguments: object) -> str:
    kept = {key: value for key, value in arguments.items() if value is not None}
    return url_for(request.endpoint or "static", **(request.view_args or {}), **kept)  # type: ignore[arg-type]


def _check_export(*, may_export: bool) -> None:
    if request.args["format"] not in FORMATS:
        abort(404)
    if not may_export:
        abort(403)


def _as_file(
    name: str,
    listing: Listing[Any],
    source: Source,
    asked: Asked,
    complete: Complete,
) -> ResponseReturnValue:
    total, _sums = count_and_sum(source)

    def rows() -> Iterator[list[Cell]]:
        for row in all_rows(listing, source, asked, complete, most=MOST_EXPORTED):
            yield [column.cell(row) for column in asked.columns]
        if total > MOST_EXPORTED:
            yield [cut_off(total)]

    headings = [column.heading_in_file for column in asked.columns]
    send = send_csv if request.args["format"] == "csv" else send_xlsx
    return send(name, Sheet(name, headings, rows()))


def cut_off(total: int) -> str:
    """Say that a file does not hold all rows."""
    return _(
        "Only the first %(most)s of %(total)s rows are in this file: narrow the filters.",
        most=f"{MOST_EXPORTED:,}",
        total=f"{total:,}",
    )
