"""Breakdowns as charts: what the component ``chart`` draws, and shows as a table too."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from carecampaign.core.babel import show_date
from carecampaign.core.i18n import _
from carecampaign.reports.queries.progress import Figures, Line

MOST = 40
"""More bars than this no screen shows well; the table beside the chart has them all."""


def of_days(days: Sequence[tuple[date, Figures]]) -> dict[str, Any]:
    """Person-times and packages a day."""
    return {
        "id": "by-day",
        "title": _("By day"),
        "data": {
            "type": "line",
            "categories": [show_date(day) for day, _figures in days],
            "series": [
                {"name": _("Person-times"), "values": [done.person_times for _day, done in days]},
                {"name": _("Packages"), "values": [done.packages for _day, done in days]},
            ],
        },
    }


def of_lines(key: str, title: str, lines: Sequence[Line]) -> dict[str, Any]:
    """Planned packages beside person-times, the largest plans first when there are many."""
    shown = sorted(lines, key=lambda line: -(line.planned or 0))[:MOST]
    return {
        "id": f"by-{key}",
        "title": title,
        "data": {
            "type": "bar",
            "categories": [line.label for line in shown],
            "series": [
                {"name": _("Planned packages"), "values": [line.planned or 0 for line in shown]},
                {"name": _("Packages"), "values": [line.figures.packages for line in shown]},
                {
                    "name": _("Person-times"),
                    "values": [line.figures.person_times for line in shown],
                },
            ],
        },
    }
