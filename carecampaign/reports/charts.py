"""Breakdowns as charts: what the component ``chart`` draws."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from carecampaign.core.babel import show_date
from carecampaign.core.i18n import _
from carecampaign.reports.queries.progress import Figures, Line
from carecampaign.reports.queries.steering import Whereabouts

MOST = 40
"""More bars than this no screen shows well; the table beside the chart has them all."""


def of_days(days: Sequence[tuple[date, Figures]]) -> dict[str, Any]:
    """Person-times and packages a day."""
    return {
        "type": "line",
        "categories": [show_date(day) for day, _figures in days],
        "series": [
            {"name": _("Person-times"), "values": [done.person_times for _day, done in days]},
            {"name": _("Packages"), "values": [done.packages for _day, done in days]},
        ],
    }


def of_whereabouts(here: Whereabouts) -> dict[str, Any]:
    """Two bars to lay side by side: the plan, and where the packages are."""
    parts = [
        (_("Handed out"), here.handed_out),
        (_("At events"), here.at_events),
        (_("At units and stations"), here.at_places),
        (_("On the way"), here.on_the_way),
        (_("In warehouses"), here.in_warehouses),
    ]
    return {
        "type": "stacked",
        "is_lying": True,
        "categories": [_("Fact"), _("Plan")],
        "series": [
            *({"name": name, "values": [packages, 0]} for name, packages in parts),
            {"name": _("Planned packages"), "values": [0, here.planned]},
        ],
    }


def of_lines(lines: Sequence[Line]) -> dict[str, Any]:
    """Planned packages beside packages and person-times, the largest plans when there are many."""
    shown = sorted(lines, key=lambda line: -(line.planned or 0))[:MOST]
    done = [line.figures for line in shown]
    return {
        "type": "bar",
        "categories": [line.label for line in shown],
        "series": [
            {"name": _("Planned packages"), "values": [line.planned or 0 for line in shown]},
            {"name": _("Packages"), "values": [figures.packages for figures in done]},
            {"name": _("Person-times"), "values": [figures.person_times for figures in done]},
        ],
    }
