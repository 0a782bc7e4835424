"""How campaigns stand: all of them, and one."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.queries import get_campaign_for
from carecampaign.core.babel import in_language
from carecampaign.core.i18n import _
from carecampaign.core.urls import page_number
from carecampaign.reports import charts, sheets
from carecampaign.reports.queries import overview, progress
from carecampaign.reports.queries.progress import Line
from carecampaign.reports.views.blueprint import blueprint
from carecampaign.reports.views.downloads import send_csv, send_xlsx


@blueprint.get("/reports")
@requires(Permission.REPORTS_VIEW)
def index() -> ResponseReturnValue:
    """List the campaigns with their figures."""
    page = overview.page_of_campaigns(signed_in(), page=page_number())
    figures = overview.figures_of(page.items)
    return render_template("reports/index.html", page=page, figures=figures)


@blueprint.get("/reports/campaigns/<id:campaign_id>")
@requires(Permission.REPORTS_VIEW)
def campaign(campaign_id: int) -> ResponseReturnValue:
    """Show plan against fact of one campaign."""
    shown = get_campaign_for(signed_in(), campaign_id)
    days = progress.by_day(shown)
    return render_template(
        "reports/campaign.html",
        campaign=shown,
        totals=progress.campaign_totals(shown),
        breakdowns=[
            _part("unit", _("By unit"), _("Unit"), progress.by_unit(shown)),
            _part(
                "group",
                _("By target group"),
                _("Target group"),
                progress.by_group(shown, in_language),
            ),
            _part("place", _("By place"), _("Place"), progress.by_place(shown)),
        ],
        days=days,
        days_chart=charts.of_days(days),
    )


def _part(key: str, title: str, heading: str, lines: list[Line]) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "heading": heading,
        "lines": lines,
        "total": progress.total_of(lines),
        "chart": charts.of_lines(lines),
    }


@blueprint.get("/reports/campaigns/<id:campaign_id>/progress.<any(xlsx, csv):kind>")
@requires(Permission.REPORTS_EXPORT)
def export_campaign(campaign_id: int, kind: str) -> ResponseReturnValue:
    """Download plan against fact of one campaign."""
    shown = get_campaign_for(signed_in(), campaign_id)
    if kind == "csv":
        return send_csv(shown.name, sheets.flat_progress(shown))
    return send_xlsx(shown.name, *sheets.progress_sheets(shown))
