"""Reports as spreadsheets: the same figures as on screen, money in yuan as numbers."""

from collections.abc import Iterable, Sequence

from carecampaign.campaigns.models import Campaign
from carecampaign.core.babel import in_language, show_date
from carecampaign.core.i18n import _
from carecampaign.core.sheets import Cell, Sheet
from carecampaign.distributions.models import DistributionEvent, Handout
from carecampaign.reports.queries import progress
from carecampaign.reports.queries.progress import Figures, Line


def progress_sheets(campaign: Campaign) -> tuple[Sheet, ...]:
    """Totals and every breakdown of a campaign, a sheet each."""
    return (
        _totals(campaign),
        _breakdown(_("By unit"), _("Unit"), progress.by_unit(campaign)),
        _breakdown(
            _("By target group"), _("Target group"), progress.by_group(campaign, in_language)
        ),
        _breakdown(_("By place"), _("Place"), progress.by_place(campaign)),
        Sheet(
            _("By day"),
            [_("Date"), *figure_headings()],
            [[day, *_figures(figures)] for day, figures in progress.by_day(campaign)],
        ),
    )


def flat_progress(campaign: Campaign) -> Sheet:
    """Every breakdown of a campaign as one table, for a format that knows no sheets."""
    rows: list[Sequence[Cell]] = []
    for sheet in progress_sheets(campaign)[1:4]:
        rows += [[sheet.title, *row] for row in sheet.rows]
    for day, figures in progress.by_day(campaign):
        rows.append([_("By day"), day.isoformat(), None, *_figures(figures)])
    headings = [_("Breakdown"), _("Of"), _("Planned packages"), *figure_headings()]
    return Sheet(campaign.name, headings, rows)


def log_sheet(event: DistributionEvent, handouts: Iterable[Handout]) -> Sheet:
    """The distribution log of an event, an entry a row."""
    headings = [
        _("No."),
        _("Handed out at"),
        _("Recorded at"),
        _("Target group"),
        _("Full name"),
        _("Unit or platform"),
        _("Item"),
        _("Quantity"),
        _("Person-times"),
        _("Value (yuan)"),
        _("Logged by"),
        _("State"),
        _("Note"),
    ]
    title = f"{event.place} {show_date(event.held_on)}"
    return Sheet(title, headings, (_entry(n, row) for n, row in enumerate(handouts, start=1)))


def _entry(number: int, handout: Handout) -> Sequence[Cell]:
    voided = handout.void
    return [
        number,
        handout.happened_at,
        handout.recorded_at,
        in_language(handout.group),
        handout.person.name if handout.person else "",
        handout.person.employer if handout.person else "",
        handout.item.name,
        handout.quantity,
        handout.head_count,
        handout.value / 100,
        handout.logged_by.name if handout.logged_by else "",
        _("Voided: %(reason)s", reason=voided.reason) if voided else _("Valid"),
        handout.note,
    ]


def figure_headings() -> list[str]:
    """The headings of the four figures, in the order of ``Figures``."""
    return [_("Person-times"), _("Packages"), _("Single items"), _("Value (yuan)")]


def _totals(campaign: Campaign) -> Sheet:
    totals = progress.campaign_totals(campaign)
    figures = totals.figures
    rows: list[Sequence[Cell]] = [
        [_("Planned packages"), totals.planned],
        [_("Packages handed out"), figures.packages],
        [_("Single items handed out"), figures.pieces],
        [_("Person-times"), figures.person_times],
        [_("Persons served by name"), totals.persons],
        [_("Value (yuan)"), figures.value / 100],
    ]
    return Sheet(_("Overview"), [_("Figure"), campaign.name], rows)


def _breakdown(title: str, heading: str, lines: list[Line]) -> Sheet:
    rows: list[Sequence[Cell]] = [
        [line.label, line.planned, *_figures(line.figures)] for line in lines
    ]
    total = progress.total_of(lines)
    rows.append([_("Total"), total.planned, *_figures(total.figures)])
    return Sheet(title, [heading, _("Planned packages"), *figure_headings()], rows)


def _figures(figures: Figures) -> tuple[Cell, ...]:
    return (figures.person_times, figures.packages, figures.pieces, figures.value / 100)
