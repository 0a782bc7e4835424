"""Many events at once: a grid of a row for each, typed, pasted, or filled from a sheet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel.speaklater import LazyString

from carecampaign.core.babel import in_language
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import CommandForm
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Column, Staged, stage
from carecampaign.core.sheets import Row
from carecampaign.core.text import one_line
from carecampaign.distributions.forms.plan_cells import (
    account_names,
    day_within,
    hour,
    people_among,
    pieces_planned,
    unit_among,
    whereabouts_among,
)

MOST_ROWS = 300
"""Events planned at once: a longer plan is several."""

EMPTY_ROWS = 5
"""Rows to type in, below those that are filled; as many come with each press of the button."""

LONGEST_TEXT = 400
PEOPLE = "people"
GROUP = "planned_"
_CELL = re.compile(r"cell-(\d{1,3})-([a-z_]+\d*)")
_KEYS = {"place": "where", "station_id": "where", "unit_id": "unit"}
"""The columns that errors of an event are about, where they are called otherwise."""


class PlanForm(CommandForm):
    """The grid's frame: its cells are read by ``PlanGrid``."""


def plan_columns(
    campaign: Any,  # noqa: ANN401 - forms know no database
    *,
    stations: Iterable[Any],
    units: Sequence[Any],
    people: Mapping[str, Any],
) -> list[Column]:
    """Give the columns of a plan for a campaign, and what may stand in them.

    Without a unit an event counts for the organiser, or for the only unit one plans for.
    """
    own = next((unit for unit in units if unit.id == campaign.organizer_id), None)
    unit = own or (units[0] if len(units) == 1 else None)
    day = campaign.starts_on.isoformat()
    return [
        Column(
            "held_on",
            _l("Date"),
            day_within(campaign.starts_on, campaign.ends_on),
            is_required=True,
            example=day,
        ),
        Column("starts_at", _l("Begins at"), hour, empty=None, example="9:00"),
        Column("ends_at", _l("Ends at"), hour, empty=None, example="17:00"),
        Column(
            "where",
            _l("Station code or place"),
            whereabouts_among(list(stations)),
            is_required=True,
            explanation=_l("The code or name of a station; anything else is a place as worded."),
        ),
        Column(
            "unit",
            _l("Unit whose quota it counts for"),
            unit_among(units),
            is_required=unit is None,
            empty=unit,
            example=units[0].short_name if units else "",
        ),
        *(_group_column(group) for group in campaign.groups),
        Column(
            PEOPLE,
            _l("Assigned people (account names)"),
            people_among(people),
            empty=(),
            explanation=_l("Account names, set apart by commas or spaces."),
        ),
    ]


def _group_column(group: Any) -> Column:  # noqa: ANN401 - forms know no database
    return Column(
        f"{GROUP}{group.id}", LazyString(in_language, group), pieces_planned, empty=0, example="20"
    )


@dataclass
class PlanGrid:
    """The rows as they were typed, what was read of them, and what is wrong with which cell.

    ``texts`` are by row and the key of a column; ``values`` by the number of the row, for
    those that are not empty; ``remarks`` are about the table as a whole.
    """

    columns: Sequence[Column]
    texts: list[dict[str, str]] = field(default_factory=list)
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    faults: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.remarks

    @property
    def groups(self) -> dict[str, int]:
        """Give the ids of the groups by the keys of their columns."""
        keys = [column.key for column in self.columns if column.key.startswith(GROUP)]
        return {key: int(key.removeprefix(GROUP)) for key in keys}

    @classmethod
    def typed(cls, sent: Mapping[str, str], columns: Sequence[Column]) -> "PlanGrid":
        """Read what a browser sent; empty rows are passed over."""
        keys = tuple(column.key for column in columns)
        grid = cls(columns, _texts(sent, keys))
        cells = [tuple(row[key] for key in keys) for row in grid.texts]
        filled = [Row(number, row) for number, row in enumerate(cells) if any(row)]
        if filled:
            grid._take(
                stage([Row(-1, keys), *filled], columns),
                {row.number: row.number for row in filled},
            )
        return grid

    @classmethod
    def from_sheet(cls, sheet: Sequence[Row], columns: Sequence[Column]) -> "PlanGrid":
        """Fill the grid from a sheet. Raises NothingInIt."""
        staged = stage(sheet, columns)
        empty = dict.fromkeys((column.key for column in columns), "")
        grid = cls(columns, [empty | row.texts for row in staged.rows])
        grid._take(staged, {row.number: place for place, row in enumerate(staged.rows)})
        grid.remarks += [
            _("There is no column for “%(heading)s”; it was left out.", heading=heading)
            for heading in staged.unknown_headings
        ]
        return grid

    def _take(self, staged: Staged, places: Mapping[int, int]) -> None:
        self.values = {places[row.number]: row.values for row in staged.rows}
        keys = {str(column.heading): column.key for column in self.columns}
        for error in staged.errors:
            if error.row in places:
                self._blame(places[error.row], keys.get(error.heading, ""), error.message)
            else:
                self.remarks.append(f"{error.heading}: {error.message}")

    def reject(self, errors: Mapping[int, DomainError]) -> None:
        """Show broken rules, by row, at the cell to blame, else at the first of the row."""
        for row, error in errors.items():
            self._blame(row, _KEYS.get(error.field or "", error.field or ""), str(error))

    def _blame(self, row: int, key: str, message: str) -> None:
        known = {column.key for column in self.columns}
        cell = (row, key if key in known else self.columns[0].key)
        self.faults.setdefault(cell, []).append(message)

    def add_rows(self, number: int = EMPTY_ROWS) -> None:
        """Leave empty rows to type in, as far as a plan goes."""
        empty = dict.fromkeys((column.key for column in self.columns), "")
        free = MOST_ROWS - len(self.texts)
        self.texts += [dict(empty) for _row in range(min(number, free))]


def names_in(texts: Iterable[Mapping[str, str]]) -> set[str]:
    """Give the account names anywhere in a column of people."""
    return {name for row in texts for name in account_names(row.get(PEOPLE, ""))}


def typed_names(sent: Mapping[str, str]) -> set[str]:
    """Give the account names that a browser sent."""
    return names_in(_texts(sent, [PEOPLE]))


def _texts(sent: Mapping[str, str], keys: Sequence[str]) -> list[dict[str, str]]:
    cells: dict[tuple[int, str], str] = {}
    for name, text in sent.items():
        found = _CELL.fullmatch(name)
        if found is not None and int(found[1]) < MOST_ROWS:
            cells[int(found[1]), found[2]] = one_line(str(text))[:LONGEST_TEXT]
    rows = range(max((row for row, _key in cells), default=-1) + 1)
    return [{key: cells.get((row, key), "") for key in keys} for row in rows]
