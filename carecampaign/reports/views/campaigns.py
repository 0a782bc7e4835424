"""How campaigns stand: all of them, and one."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import get_campaign_for, list_budget_lines
from carecampaign.core import clock
from carecampaign.core.babel import in_language
from carecampaign.core.downloads import send_csv, send_xlsx
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.reports import charts, sheets
from carecampaign.reports.forms import ItemsForm
from carecampaign.reports.queries import named, overview, progress, steering
from carecampaign.reports.queries.breakdowns import read_breakdowns
from carecampaign.reports.queries.items import whereabouts_of_items
from carecampaign.reports.queries.pace import Elapsed, lagging_stations, lagging_units, pace
from carecampaign.reports.queries.progress import Line
from carecampaign.reports.views.blueprint import blueprint


@blueprint.get("/reports")
@requires(Permission.REPORTS_VIEW)
def index() -> ResponseReturnValue:
    """List the campaigns with their figures."""
    matching = overview.campaigns_begun(signed_in())
    return show_list(
        "reports/index.html",
        overview.REPORTS,
        matching,
        complete=overview.with_figures,
        may_export=signed_in().can(Permission.REPORTS_EXPORT),
    )


@blueprint.get("/reports/campaigns/<id:campaign_id>/overview")
@requires(Permission.REPORTS_VIEW)
def campaign_overview(campaign_id: int) -> ResponseReturnValue:
    """Show how a campaign is to be steered: plan against fact, who lags, pace, events.

    Counted by items it shows where these are; quotas and plans are numbers of packages.
    """
    shown = get_campaign_for(signed_in(), campaign_id)
    by_items = _by_items()
    values = {"items": whereabouts_of_items(shown)} if by_items else _steering(shown)
    return render_template(
        "reports/campaign_overview.html",
        campaign=shown,
        by_items=by_items,
        may_plan=signed_in().can(Permission.DISTRIBUTIONS_PLAN),
        **values,
    )


def _steering(shown: Campaign) -> dict[str, Any]:
    today = clock.today()
    facts = steering.read_facts(shown)
    here = steering.whereabouts(shown, facts)
    elapsed = Elapsed.of(shown, today)
    return {
        "today": today,
        "here": here,
        "chart_of_packages": charts.of_whereabouts(here),
        "elapsed": elapsed,
        "pace": pace(
            _packages_by_day(shown), left=here.left, days_left=elapsed.days_left, today=today
        ),
        "lags": [*lagging_units(facts, elapsed, today), *lagging_stations(facts, elapsed, today)],
        "left_open": facts.left_open(today),
        "coming_up": facts.coming_up(today),
        "lines": steering.unit_lines(facts),
        "budget": list_budget_lines(shown),
        "may_send": signed_in().can(Permission.INVENTORY_KEEP),
    }


def _packages_by_day(shown: Campaign) -> list[tuple[date, int]]:
    has_package = shown.package_version_id is not None
    return [
        (day, figures.packages if has_package else figures.pieces)
        for day, figures in progress.by_day(shown)
    ]


@blueprint.get("/reports/campaigns/<id:campaign_id>")
@requires(Permission.REPORTS_VIEW)
def campaign(campaign_id: int) -> ResponseReturnValue:
    """Show plan against fact of one campaign."""
    shown = get_campaign_for(signed_in(), campaign_id)
    by_items = _by_items()
    found = read_breakdowns(shown, in_language, by_items=by_items)
    totals = progress.campaign_totals(shown, found.days)
    return render_template(
        "reports/campaign.html",
        campaign=shown,
        by_items=by_items,
        totals=totals,
        named=[] if totals.is_cut else named.named_by_unit(shown),
        breakdowns=[
            _part("unit", _("By unit"), _("Unit"), found.units),
            _part("group", _("By target group"), _("Target group"), found.groups),
            _part("place", _("By place"), _("Place"), found.places),
        ],
        items=found.items,
        things=found.things,
        days=found.days,
        days_chart=charts.of_days(found.days),
    )


def _by_items() -> bool:
    """Read whether packages are to be counted as the items in them."""
    return bool(ItemsForm(request.args).valid_values())


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
        return send_csv(shown.name, sheets.flat_progress(shown, by_items=_by_items()))
    return send_xlsx(shown.name, *sheets.progress_sheets(shown, by_items=_by_items()))
