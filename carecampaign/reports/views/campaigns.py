"""How campaigns stand: all of them, and one."""

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
    breakdowns = [
        ("unit", _("By unit"), progress.by_unit(shown)),
        ("group", _("By target group"), progress.by_group(shown, in_language)),
        ("place", _("By place"), progress.by_place(shown)),
    ]
    days = progress.by_day(shown)
    return render_template(
        "reports/campaign.html",
        campaign=shown,
        totals=progress.campaign_totals(shown),
        breakdowns=[(*part, progress.total_of(part[2])) for part in breakdowns],
        days=days,
        charts=[charts.of_days(days), *(charts.of_lines(*part) for part in breakdowns)],
    )


@blueprint.get("/reports/campaigns/<id:campaign_id>/progress.<any(xlsx, csv):kind>")
@requires(Permission.REPORTS_EXPORT)
def export_campaign(campaign_id: int, kind: str) -> ResponseReturnValue:
    """Download plan against fact of one campaign."""
    shown = get_campaign_for(signed_in(), campaign_id)
    if kind == "csv":
        return send_csv(shown.name, sheets.flat_progress(shown))
    return send_xlsx(shown.name, *sheets.progress_sheets(shown))
