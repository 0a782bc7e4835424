"""Who is on the roster of a campaign, put on it and taken off by hand, and its lock."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries import PersonFilters, list_occupations, persons_for
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import (
    PersonSearchForm,
    PickPersonsForm,
    RosterFilterForm,
    UnlockForm,
)
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import rosters
from carecampaign.campaigns.views.shared import blueprint, status_of
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _n
from carecampaign.core.listing import show_list
from carecampaign.organizations.queries import choices

MOST_FOUND = 50
MANAGE = Permission.BENEFICIARIES_MANAGE


@blueprint.get("/<id:campaign_id>/roster")
@requires(Permission.BENEFICIARIES_VIEW)
def roster(campaign_id: int) -> ResponseReturnValue:
    """List who is on the roster of a campaign, of the units within one's reach."""
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    units = rosters.list_roster_units_for(signed_in(), campaign)
    form = RosterFilterForm(request.args, units=choices(units), occupations=list_occupations())
    filters = rosters.RosterFilters(**form.valid_values())
    return show_list(
        "campaigns/roster.html",
        rosters.ROSTER,
        rosters.roster_for(signed_in(), campaign, filters),
        form=form,
        title=_("Roster %(campaign)s", campaign=campaign.name),
        campaign=campaign,
        lock=rosters.find_lock(campaign),
        may_plan=_may_plan(campaign),
        may_change=campaign.state is not CampaignState.CLOSED,
        managed=signed_in().paths(MANAGE),
        visible=signed_in().paths(Permission.BENEFICIARIES_VIEW),
        covers=covers,
    )


@blueprint.get("/<id:campaign_id>/roster/units")
@requires(Permission.BENEFICIARIES_VIEW)
def roster_units(campaign_id: int) -> ResponseReturnValue:
    """List the participating units within one's reach with how many are on their rosters."""
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    return show_list(
        "campaigns/roster_units.html",
        rosters.ROSTER_UNITS,
        rosters.roster_units_for(signed_in(), campaign),
        complete=rosters.as_units_on_roster,
        campaign=campaign,
    )


@blueprint.route("/<id:campaign_id>/roster/add", methods=["GET", "POST"])
@requires(MANAGE)
def add_to_roster(campaign_id: int) -> ResponseReturnValue:
    """Find persons in the register and put those ticked on the roster for a unit."""
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    units = rosters.list_roster_units_for(signed_in(), campaign, MANAGE)
    search = PersonSearchForm(request.args)
    text = search.valid_values().get("text", "")
    form = PickPersonsForm(units=choices(units), unit_id=request.args.get("unit_id", type=int))
    if form.validate_on_submit():
        try:
            with transaction():
                added = _put_ticked(campaign_id, form)
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _n(
                    "%(num)s person put on the roster.",
                    "%(num)s persons put on the roster.",
                    added,
                ),
                "success",
            )
            return redirect(url_for(".roster", campaign_id=campaign_id))
    page = render_template(
        "campaigns/add_to_roster.html",
        campaign=campaign,
        search=search,
        form=form,
        found=_find(campaign, text),
        most=MOST_FOUND,
    )
    return page, status_of(form)


@blueprint.post("/<id:campaign_id>/roster/<id:entry_id>/remove")
@requires(MANAGE)
def remove_from_roster(campaign_id: int, entry_id: int) -> ResponseReturnValue:
    """Take a person off the roster."""
    with transaction():
        campaign = queries.get_campaign_for(signed_in(), campaign_id)
        entry = rosters.get_entry_for(signed_in(), campaign, entry_id)
        services.remove_from_roster(entry, by=signed_in())
    flash(_("Taken off the roster. What was handed out stays."), "success")
    return redirect(url_for(".roster", campaign_id=campaign_id))


@blueprint.route("/<id:campaign_id>/roster/lock", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def lock_roster(campaign_id: int) -> ResponseReturnValue:
    """Show what would be locked, or is; lock the roster as the list of the eligible."""
    campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
    if request.method == "POST":
        try:
            with transaction():
                locked = services.lock_roster(
                    queries.get_campaign_to_plan(signed_in(), campaign_id), by=signed_in()
                )
                count = locked.persons
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(_n("List of %(num)s locked.", "List of %(num)s locked.", count), "success")
        return redirect(url_for(".lock_roster", campaign_id=campaign_id))
    locks = rosters.list_locks(campaign)
    lock = next((one for one in locks if one.unlocked_at is None), None)
    return render_template(
        "campaigns/lock_roster.html",
        campaign=campaign,
        figures=rosters.count_roster(campaign),
        groups=queries.list_groups(campaign),
        lock=lock,
        locks=locks,
        is_as_locked=lock is not None and services.digest_of_roster(campaign) == lock.digest,
        may_lock=campaign.state is not CampaignState.CLOSED,
    )


@blueprint.route("/<id:campaign_id>/roster/unlock", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def unlock_roster(campaign_id: int) -> ResponseReturnValue:
    """Let a locked roster change again, saying why."""
    campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
    form = UnlockForm()
    if form.validate_on_submit():
        with transaction():
            services.unlock_roster(
                queries.get_campaign_to_plan(signed_in(), campaign_id),
                reason=form.reason.data,
                by=signed_in(),
            )
        flash(_("The list is unlocked. Lock it again when it is right."), "success")
        return redirect(url_for(".roster", campaign_id=campaign_id))
    page = render_template("campaigns/unlock_roster.html", campaign=campaign, form=form)
    return page, status_of(form)


def _put_ticked(campaign_id: int, form: PickPersonsForm) -> int:
    actor = signed_in()
    campaign = queries.get_campaign_for(actor, campaign_id)
    units = rosters.list_roster_units_for(actor, campaign, MANAGE)
    unit = next(one for one in units if one.id == form.unit_id.data)
    ticked = set(form.person_ids.data)
    mine = persons_for(actor, PersonFilters()).where(Person.id.in_(ticked))
    ids = sorted(person.id for person in db.session.scalars(mine))
    if len(ids) < len(ticked):
        raise services.NotToBeChosen
    return services.add_to_roster(campaign, unit, ids, by=actor).new


def _find(campaign: Campaign, text: str) -> list[Person]:
    if not text:
        return []
    found = persons_for(signed_in(), PersonFilters(text=text))
    return list(db.session.scalars(found.where(rosters.not_on_roster(campaign)).limit(MOST_FOUND)))


def _may_plan(campaign: Campaign) -> bool:
    return covers(signed_in().paths(Permission.CAMPAIGNS_PLAN), campaign.organizer.path)
