"""Who belongs to a station, and with whom it is shared."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.undo import flash_with_undo
from carecampaign.organizations.queries import choices as organization_choices
from carecampaign.stations import queries, services
from carecampaign.stations.forms import MemberForm, PartnerForm
from carecampaign.stations.views.blueprint import blueprint, to_station


@blueprint.route("/<id:station_id>/members/new", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def add_member(station_id: int) -> ResponseReturnValue:
    """Let somebody with an account belong to a station."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    people = queries.list_possible_members(signed_in(), station)
    form = MemberForm(people=people)
    if form.validate_on_submit():
        user = next(person for person in people if person.id == form.user_id.data)
        try:
            with transaction():
                services.add_member(
                    queries.get_station_to_manage(signed_in(), station_id, lock=True),
                    user,
                    is_lead=form.is_lead.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("%(name)s now belongs to the station.", name=user.name), "success")
            return to_station(station_id)
    page = render_template("stations/add_member.html", form=form, station=station, people=people)
    return page, 422 if form.errors else 200


@blueprint.post("/<id:station_id>/members/<id:member_id>/remove")
@requires(Permission.STATIONS_MANAGE)
def remove_member(station_id: int, member_id: int) -> ResponseReturnValue:
    """Let somebody belong to a station no longer."""
    with transaction():
        station = queries.get_station_to_manage(signed_in(), station_id, lock=True)
        member = queries.get_member(station, member_id)
        services.remove_member(station, member, by=signed_in())
    flash_with_undo(
        _("%(name)s no longer belongs to the station.", name=member.user.name),
        ".add_member",
        sending={"user_id": str(member.user_id), **({"is_lead": "y"} if member.is_lead else {})},
        station_id=station_id,
    )
    return to_station(station_id)


@blueprint.route("/<id:station_id>/partners/new", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def add_partner(station_id: int) -> ResponseReturnValue:
    """Let another organisation see and use a station."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    possible = queries.list_possible_partners(station)
    form = PartnerForm(organizations=organization_choices(possible))
    if form.validate_on_submit():
        partner = next(one for one in possible if one.id == form.organization_id.data)
        try:
            with transaction():
                services.add_partner(
                    queries.get_station_to_manage(signed_in(), station_id, lock=True),
                    partner,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The station is now shared with %(name)s.", name=partner.name), "success")
            return to_station(station_id)
    page = render_template("stations/add_partner.html", form=form, station=station)
    return page, 422 if form.errors else 200


@blueprint.post("/<id:station_id>/partners/<id:organization_id>/remove")
@requires(Permission.STATIONS_MANAGE)
def remove_partner(station_id: int, organization_id: int) -> ResponseReturnValue:
    """Share a station with an organisation no longer."""
    with transaction():
        station = queries.get_station_to_manage(signed_in(), station_id, lock=True)
        partner = queries.get_partner(station, organization_id)
        services.remove_partner(station, partner, by=signed_in())
    flash_with_undo(
        _("The station is no longer shared with %(name)s.", name=partner.name),
        ".add_partner",
        sending={"organization_id": str(organization_id)},
        station_id=station_id,
    )
    return to_station(station_id)
