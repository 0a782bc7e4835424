"""Reports as spreadsheets: the same figures as on screen, money in yuan as numbers."""

from collections.abc import Sequence
from datetime import date

from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item
from carecampaign.core.babel import in_language
from carecampaign.core.i18n import _
from carecampaign.core.sheets import Cell, Sheet
from carecampaign.reports.queries import progress
from carecampaign.reports.queries.breakdowns import read_breakdowns
from carecampaign.reports.queries.items import ItemLine
from carecampaign.reports.queries.named import named_by_unit
from carecampaign.reports.queries.progress import Figures, Line


def progress_sheets(campaign: Campaign, *, by_items: bool = False) -> tuple[Sheet, ...]:
    """Totals and every breakdown of a campaign, a sheet each.

    ``by_items`` counts packages as the items in them.
    """
    found = read_breakdowns(campaign, in_language, by_items=by_items)
    things = found.things
    return (
        _totals(campaign, found.days, things),
        _breakdown(_("By unit"), _("Unit"), found.units, things),
        _breakdown(_("By target group"), _("Target group"), found.groups, things),
        _breakdown(_("By place"), _("Place"), found.places, things),
        Sheet(
            _("By day"),
            [_("Date"), *figure_headings(things)],
            [[day, *_figures(figures, things)] for day, figures in found.days],
        ),
        *([_by_item(found.items)] if found.items else []),
        Sheet(
            _("Persons and households by unit"),
            [_("Unit"), _("Persons served by name"), _("Households served")],
            [[line.label, line.persons, line.households] for line in named_by_unit(campaign)],
        ),
    )


def flat_progress(campaign: Campaign, *, by_items: bool = False) -> Sheet:
    """Every breakdown of a campaign as one table, for a format that knows no sheets."""
    found = read_breakdowns(campaign, in_language, by_items=by_items)
    things = found.things
    rows: list[list[Cell]] = []
    for title, lines in (
        (_("By unit"), found.units),
        (_("By target group"), found.groups),
        (_("By place"), found.places),
    ):
        rows += [[title, *row] for row in _breakdown(title, "", lines, things).rows]
    for day, figures in found.days:
        rows.append([_("By day"), day.isoformat(), None, *_figures(figures, things)])
    for line in found.items:
        pieces = [line.quantity if thing is line.item else None for thing in things]
        rows.append([_("By item"), line.item.name, None, None, *pieces, line.value / 100])
    headings = [_("Breakdown"), _("Of"), _("Planned packages"), *figure_headings(things)]
    return Sheet(campaign.name, headings, rows)


def figure_headings(things: Sequence[Item] = ()) -> list[str]:
    """The headings of the figures, in the order of ``Figures``; or of each item's pieces."""
    counted = [thing.name for thing in things] or [_("Packages"), _("Single items")]
    return [_("Person-times"), *counted, _("Value (yuan)")]


def _totals(
    campaign: Campaign, days: Sequence[tuple[date, Figures]], things: Sequence[Item]
) -> Sheet:
    totals = progress.campaign_totals(campaign, days, most=None)
    figures = totals.figures
    counted: list[list[Cell]] = [
        [_("Packages handed out"), figures.packages],
        [_("Single items handed out"), figures.pieces],
    ]
    if things:
        counted = [[_("Items handed out"), sum(figures.items.values())]]
    rows: list[list[Cell]] = [
        [_("Planned packages"), totals.planned],
        *counted,
        [_("Person-times"), figures.person_times],
        [_("Persons served by name"), totals.persons],
        [_("Households served"), totals.households],
        [_("Value (yuan)"), figures.value / 100],
    ]
    return Sheet(_("Overview"), [_("Figure"), campaign.name], rows)


def _breakdown(title: str, heading: str, lines: list[Line], things: Sequence[Item]) -> Sheet:
    rows: list[list[Cell]] = [
        [line.label, line.planned, *_figures(line.figures, things)] for line in lines
    ]
    total = progress.total_of(lines)
    rows.append([_("Total"), total.planned, *_figures(total.figures, things)])
    return Sheet(title, [heading, _("Planned packages"), *figure_headings(things)], rows)


def _by_item(lines: Sequence[ItemLine]) -> Sheet:
    rows: list[list[Cell]] = [
        [
            line.item.code,
            line.item.name,
            line.item.spec,
            line.item.unit,
            line.quantity,
            line.value / 100,
        ]
        for line in lines
    ]
    headings = [_("Code"), _("Item"), _("Spec"), _("Unit"), _("Pieces"), _("Value (yuan)")]
    return Sheet(_("By item"), headings, rows)


def _figures(figures: Figures, things: Sequence[Item]) -> tuple[Cell, ...]:
    counted = [figures.items.get(thing.id, 0) for thing in things] or [
        figures.packages,
        figures.pieces,
    ]
    return (figures.person_times, *counted, figures.value / 100)
