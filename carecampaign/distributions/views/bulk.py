"""Plan many events at once: a grid, filled by hand, by pasting, or from a sheet."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_csv, send_xlsx
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _n
from carecampaign.core.imports import Column, template_sheets
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.sheets import Sheet, read_sheet
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import (
    MOST_ROWS,
    PlanForm,
    PlanGrid,
    names_in,
    plan_columns,
    typed_names,
)
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.views.blueprint import blueprint
from carecampaign.stations.queries import list_open_stations_for

PLAN = Permission.DISTRIBUTIONS_PLAN


@blueprint.route("/plan", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_PLAN)
def plan() -> ResponseReturnValue:
    """Plan the events of a campaign (``?campaign=``) in a grid: all of them or none."""
    if "campaign" not in request.args:
        return _choose_campaign()
    campaign = _campaign()
    if "read" in request.form:
        return _read_sheet(campaign)
    form, grid = PlanForm(), _typed(campaign)
    if request.method == "GET" or "add_rows" in request.form:
        grid.faults.clear()
        grid.add_rows()
    elif form.validate_on_submit() and grid.is_clean:
        try:
            with transaction():
                claim(form.command_id.data, "distributions.plan")
                events = _plan(_campaign())
        except AlreadyDone:
            return redirect(url_for(".index", campaign=campaign.id))
        except services.FaultyPlan as error:
            grid.reject(error.faults)
        except DomainError as error:
            form.reject(error)
        else:
            count = len(events)
            flash(_n("%(num)s event is planned.", "%(num)s events are planned.", count), "success")
            return redirect(url_for(".index", campaign=campaign.id))
    return _page(campaign, form, grid)


@blueprint.get("/plan/template.<any(xlsx, csv):kind>")
@requires(Permission.DISTRIBUTIONS_PLAN)
def plan_template(kind: str) -> ResponseReturnValue:
    """Download an empty table for a campaign (``?campaign=``), with what may stand in it."""
    campaign = _campaign()
    sheets = template_sheets(_columns(campaign))
    if kind == "csv":
        return send_csv(_("Event plan"), sheets[0])
    stations = list_open_stations_for(signed_in(), PLAN)
    people = queries.volunteers_to_plan_for(signed_in())
    return send_xlsx(
        _("Event plan"),
        *sheets,
        Sheet(_("Stations"), [_("Code"), _("Name")], [[one.code, one.name] for one in stations]),
        Sheet(
            _("People"),
            [_("Account name"), _("Name")],
            [[one.username, one.name] for one in people],
        ),
    )


def _choose_campaign() -> ResponseReturnValue:
    return render_template(
        "distributions/choose_campaign.html",
        campaigns=queries.campaigns_to_plan_for(signed_in()),
        title=_("Plan many events"),
        endpoint=".plan",
    )


def _campaign() -> Campaign:
    campaign_id = request.args.get("campaign", type=int)
    return queries.get_campaign_to_plan_for(signed_in(), campaign_id)


def _columns(campaign: Campaign, names: Iterable[str] = ()) -> list[Column]:
    actor = signed_in()
    return plan_columns(
        campaign,
        stations=list_open_stations_for(actor, PLAN),
        units=queries.units_to_plan_for(actor, campaign),
        people=queries.volunteers_named_for(actor, set(names)),
    )


def _typed(campaign: Campaign) -> PlanGrid:
    return PlanGrid.typed(request.form, _columns(campaign, typed_names(request.form)))


def _plan(campaign: Campaign) -> list[DistributionEvent]:
    grid = _typed(campaign)
    drafts = {
        number: services.Draft(
            unit=values["unit"],
            held_on=values["held_on"],
            station=values["where"].station,
            place=values["where"].place,
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            plans={group_id: values[key] for key, group_id in grid.groups.items()},
            volunteers=values["people"],
        )
        for number, values in grid.values.items()
    }
    return services.plan_events(campaign, drafts, by=signed_in())


def _read_sheet(campaign: Campaign) -> ResponseReturnValue:
    """Fill the grid from a sheet; nothing is planned before the grid is saved."""
    form = SheetForm()
    grid = PlanGrid(_columns(campaign))
    if form.validate_on_submit():
        upload = form.file.data
        try:
            rows = read_sheet(upload.stream, upload.filename or "", max_rows=MOST_ROWS)
            # Only the rows tell whom to look for among the people.
            names = names_in(PlanGrid.from_sheet(rows, grid.columns).texts)
            grid = PlanGrid.from_sheet(rows, _columns(campaign, names))
        except DomainError as error:
            form.reject(error)
    if not grid.texts:
        grid.add_rows()
    return _page(campaign, PlanForm(formdata=None), grid, form)


def _page(
    campaign: Campaign, form: PlanForm, grid: PlanGrid, sheet: SheetForm | None = None
) -> ResponseReturnValue:
    sheet = sheet or SheetForm(formdata=None)
    page = render_template(
        "distributions/plan.html",
        campaign=campaign,
        form=form,
        grid=grid,
        sheet=sheet,
        most_rows=MOST_ROWS,
    )
    is_wrong = form.errors or sheet.errors or not grid.is_clean
    return page, 422 if is_wrong else 200
