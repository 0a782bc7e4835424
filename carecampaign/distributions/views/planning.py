"""The list of events, the page of one, planning it and changing its plan."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.campaigns.models import Campaign
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import (
    EventFilterForm,
    EventForm,
    event_form,
)
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.views.blueprint import (
    blueprint,
    chosen,
    event_to_change,
    reject,
    rights_at,
    status_of,
    whereabouts,
)
from carecampaign.distributions.views.words import describe
from carecampaign.stations.queries import list_open_stations_for


@blueprint.get("")
@requires(Permission.DISTRIBUTIONS_VIEW)
def index() -> ResponseReturnValue:
    """List the events one may see, with filters."""
    actor = signed_in()
    form = EventFilterForm(
        formdata=request.args,
        campaigns=queries.campaigns_with_events_for(actor),
        stations=queries.stations_with_events_for(actor),
    )
    narrowed = queries.EventFilter(**form.valid_values())
    return show_list(
        "distributions/index.html",
        queries.EVENTS,
        queries.list_events_for(actor, narrowed),
        form=form,
        complete=queries.with_progress,
        may_plan=actor.can(Permission.DISTRIBUTIONS_PLAN),
        may_log=actor.can(Permission.DISTRIBUTIONS_LOG),
    )


@blueprint.get("/<id:event_id>")
@requires(Permission.DISTRIBUTIONS_VIEW)
def show(event_id: int) -> ResponseReturnValue:
    """Show an event: plan against fact, its own stock, and what is to be settled."""
    event = queries.get_event_for(signed_in(), event_id)
    return render_template(
        "distributions/show.html",
        event=event,
        totals=queries.event_totals(event),
        households=queries.count_households(event),
        groups=queries.progress_by_group(event),
        stock=queries.event_stock(event),
        kept=queries.stock_kept_for(event),
        exceptions=queries.open_exceptions(event),
        handouts=queries.last_handouts(event),
        change_history=history_of(event),
        describe=describe,
        may_see_station=queries.may_see_station(signed_in(), event),
        **rights_at(event),
    )


@blueprint.route("/create", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_PLAN)
def create() -> ResponseReturnValue:
    """Plan an event; the campaign (``?campaign=``) is chosen first, for its groups and units."""
    if "campaign" not in request.args:
        campaigns = queries.campaigns_to_plan_for(signed_in())
        return render_template(
            "distributions/choose_campaign.html",
            campaigns=campaigns,
            title=_("Plan an event"),
            endpoint=".create",
        )
    campaign_id = request.args.get("campaign", type=int)
    campaign = queries.get_campaign_to_plan_for(signed_in(), campaign_id)
    form = _form(campaign)
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "distributions.create")
                fresh = queries.get_campaign_to_plan_for(signed_in(), campaign_id)
                event = services.create_event(fresh, **_facts(form, fresh), by=signed_in())
                command.outcome = event.id
        except AlreadyDone as done:
            return redirect(url_for(".show", event_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The event is planned."), "success")
            return redirect(url_for(".show", event_id=event.id))
    page = render_template("distributions/create.html", form=form, campaign=campaign)
    return page, status_of(form)


@blueprint.route("/<id:event_id>/copy", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_PLAN)
def copy(event_id: int) -> ResponseReturnValue:
    """Plan an event like another, with its plan and people, on another day or elsewhere."""
    event = queries.get_event_for(signed_in(), event_id, Permission.DISTRIBUTIONS_PLAN)
    campaign = queries.get_campaign_to_plan_for(signed_in(), event.campaign_id)
    form = _form(campaign, event)
    if not form.is_submitted():
        form.held_on.data = None
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "distributions.copy")
                fresh = queries.get_campaign_to_plan_for(signed_in(), event.campaign_id)
                facts = _facts(form, fresh, event)
                copied = services.create_event(fresh, **facts, by=signed_in())
                command.outcome = copied.id
        except AlreadyDone as done:
            return redirect(url_for(".show", event_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The event is planned."), "success")
            return redirect(url_for(".show", event_id=copied.id))
    page = render_template("distributions/copy.html", form=form, event=event)
    return page, status_of(form)


@blueprint.route("/<id:event_id>/edit", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_PLAN)
def edit(event_id: int) -> ResponseReturnValue:
    """Change an event that is planned or open."""
    event = event_to_change(event_id)
    form = _form(event.campaign, event)
    if form.validate_on_submit():
        try:
            with transaction():
                fresh = queries.get_event_for(signed_in(), event_id, Permission.DISTRIBUTIONS_PLAN)
                facts = _facts(form, fresh.campaign, fresh)
                services.edit_event(fresh, **facts, revision=form.revision.data, by=signed_in())
        except DomainError as error:
            reject(form, error, event)
        else:
            flash(_("The event is saved."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template("distributions/edit.html", form=form, event=event)
    return page, status_of(form)


def _form(campaign: Campaign, event: DistributionEvent | None = None) -> EventForm:
    values: dict[str, Any] = {
        "station_id": request.args.get("station", type=int),
        "unit_id": campaign.organizer_id,
    }
    if event is not None:
        values = {
            **whereabouts(event),
            "unit_id": event.unit_id,
            "volunteers": [user.id for user in event.volunteers],
            "note": event.note,
            **{f"planned_{plan.group_id}": plan.planned for plan in event.plans},
        }
    form = event_form(campaign.groups)(data=values)
    form.offer(**_offers(campaign, event))
    return form


def _offers(campaign: Campaign, event: DistributionEvent | None) -> dict[str, Any]:
    actor = signed_in()
    also = [event.station_id] if event is not None and event.station_id is not None else []
    units = list(queries.units_to_plan_for(actor, campaign))
    if event is not None and event.unit not in units:
        units.append(event.unit)
    return {
        "stations": list_open_stations_for(actor, Permission.DISTRIBUTIONS_PLAN, also=also),
        "units": units,
        "volunteers": queries.volunteers_to_plan_for(
            actor, kept=event.volunteers if event is not None else ()
        ),
    }


def _facts(
    form: EventForm, campaign: Campaign, event: DistributionEvent | None = None
) -> dict[str, Any]:
    offers = _offers(campaign, event)
    wanted = set(form.volunteers.data)
    return {
        "unit": chosen(offers["units"], form.unit_id.data),
        "station": chosen(offers["stations"], form.station_id.data),
        "place": form.place.data,
        "held_on": form.held_on.data,
        "starts_at": form.starts_at.data,
        "ends_at": form.ends_at.data,
        "plans": form.plans,
        "volunteers": [user for user in offers["volunteers"] if user.id in wanted],
        "note": form.note.data,
    }
