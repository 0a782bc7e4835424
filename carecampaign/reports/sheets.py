"""Reports as spreadsheets: the same figures as on screen, money in yuan as numbers."""

from collections.abc import Sequence
from datetime import date

from carecampaign.campaigns.models import Campaign
from carecampaign.core.babel import in_language
from carecampaign.core.i18n import _
from carecampaign.core.sheets import Cell, Sheet
from carecampaign.reports.queries import progress
from carecampaign.reports.queries.progress import Figures, Line


def progress_sheets(campaign: Campaign) -> tuple[Sheet, ...]:
    """Totals and every breakdown of a campaign, a sheet each."""
    days, cells = progress.by_day(campaign), progress.read_cells(campaign)
    groups = progress.by_group(campaign, cells, in_language)
    return (
        _totals(campaign, days),
        _breakdown(_("By unit"), _("Unit"), progress.by_unit(campaign, cells)),
        _breakdown(_("By target group"), _("Target group"), groups),
        _breakdown(_("By place"), _("Place"), progress.by_place(campaign)),
        Sheet(
            _("By day"),
            [_("Date"), *figure_headings()],
            [[day, *_figures(figures)] for day, figures in days],
        ),
    )


def flat_progress(campaign: Campaign) -> Sheet:
    """Every breakdown of a campaign as one table, for a format that knows no sheets."""
    rows: list[list[Cell]] = []
    for sheet in progress_sheets(campaign)[1:4]:
        rows += [[sheet.title, *row] for row in sheet.rows]
    for day, figures in progress.by_day(campaign):
        rows.append([_("By day"), day.isoformat(), None, *_figures(figures)])
    headings = [_("Breakdown"), _("Of"), _("Planned packages"), *figure_headings()]
    return Sheet(campaign.name, headings, rows)


def figure_headings() -> list[str]:
    """The headings of the four figures, in the order of ``Figures``."""
    return [_("Person-times"), _("Packages"), _("Single items"), _("Value (yuan)")]


def _totals(campaign: Campaign, days: Sequence[tuple[date, Figures]]) -> Sheet:
    totals = progress.campaign_totals(campaign, days, most=None)
    figures = totals.figures
    rows: list[list[Cell]] = [
        [_("Planned packages"), totals.planned],
        [_("Packages handed out"), figures.packages],
        [_("Single items handed out"), figures.pieces],
        [_("Person-times"), figures.person_times],
        [_("Persons served by name"), totals.persons],
        [_("Value (yuan)"), figures.value / 100],
    ]
    return Sheet(_("Overview"), [_("Figure"), campaign.name], rows)


def _breakdown(title: str, heading: str, lines: list[Line]) -> Sheet:
    rows: list[list[Cell]] = [
        [line.label, line.planned, *_figures(line.figures)] for line in lines
    ]
    total = progress.total_of(lines)
    rows.append([_("Total"), total.planned, *_figures(total.figures)])
    return Sheet(title, [heading, _("Planned packages"), *figure_headings()], rows)


def _figures(figures: Figures) -> tuple[Cell, ...]:
    return (figures.person_times, figures.packages, figures.pieces, figures.value / 100)
