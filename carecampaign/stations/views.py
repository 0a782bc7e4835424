"""Pages of the stations."""

from dataclasses import fields
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.urls import page_number
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import choices as organization_choices
from carecampaign.stations import queries, services
from carecampaign.stations.forms import (
    MemberForm,
    NewStationForm,
    PartnerForm,
    StationFilterForm,
    StationForm,
    StatusForm,
)
from carecampaign.stations.models import Feature, HostKind, Station, StationStatus

blueprint = Blueprint("stations", __name__, url_prefix="/stations")

_FACTS = [field.name for field in fields(services.Facts)]


@blueprint.get("")
@requires(Permission.STATIONS_VIEW)
def index() -> ResponseReturnValue:
    """List the stations one may see, with filters."""
    form = StationFilterForm(
        formdata=request.args,
        districts=queries.list_districts_for(signed_in()),
        owners=queries.list_owners_of_visible(signed_in()),
    )
    page = queries.list_stations_for(signed_in(), _filters(form), page=page_number())
    return render_template("stations/index.html", form=form, page=page)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def create() -> ResponseReturnValue:
    """Open a station of an organisation of one's own."""
    owners = queries.list_owners_for(signed_in())
    form = NewStationForm(owners=organization_choices(owners))
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "stations.create")
                station = services.create_station(
                    _facts(form),
                    code=form.code.data,
                    owner=_owner(form, owners),
                    features=_features(form),
                    status=StationStatus(form.status.data),
                    by=signed_in(),
                )
                command.outcome = station.id
        except AlreadyDone as done:
            return redirect(url_for(".show", station_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Station added."), "success")
            return redirect(url_for(".show", station_id=station.id))
    page = render_template("stations/create.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/<id:station_id>")
@requires(Permission.STATIONS_VIEW)
def show(station_id: int) -> ResponseReturnValue:
    """Show all that is known of a station."""
    station = queries.get_station_for(signed_in(), station_id)
    return render_template(
        "stations/show.html",
        station=station,
        may_manage=queries.may_manage(signed_in(), station),
    )


@blueprint.route("/<id:station_id>/edit", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def edit(station_id: int) -> ResponseReturnValue:
    """Change the facts of a station."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    owners = queries.list_owners_for(signed_in(), also=station.owner)
    form = _edit_form(station, owners)
    if form.validate_on_submit():
        try:
            with transaction():
                station = queries.get_station_to_manage(signed_in(), station_id, lock=True)
                services.edit_station(
                    station,
                    _facts(form),
                    code=form.code.data,
                    owner=_owner(form, owners),
                    features=_features(form),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Station saved."), "success")
            return redirect(url_for(".show", station_id=station_id))
    page = render_template("stations/edit.html", form=form, station=station)
    return page, 422 if form.errors else 200


@blueprint.route("/<id:station_id>/status", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def change_status(station_id: int) -> ResponseReturnValue:
    """Open, close or delist a station."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    form = StatusForm(status=station.status)
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_status(
                    queries.get_station_to_manage(signed_in(), station_id, lock=True),
                    StationStatus(form.status.data),
                    reason=form.reason.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Status changed."), "success")
            return redirect(url_for(".show", station_id=station_id))
    page = render_template("stations/change_status.html", form=form, station=station)
    return page, 422 if form.errors else 200


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
            return redirect(url_for(".show", station_id=station_id))
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
    flash(_("%(name)s no longer belongs to the station.", name=member.user.name), "success")
    return redirect(url_for(".show", station_id=station_id))


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
            return redirect(url_for(".show", station_id=station_id))
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
    flash(_("The station is no longer shared with %(name)s.", name=partner.name), "success")
    return redirect(url_for(".show", station_id=station_id))


def _filters(form: StationFilterForm) -> queries.StationFilters:
    wanted = form.valid_values()
    return queries.StationFilters(
        text=wanted.get("text", ""),
        district=wanted.get("district", ""),
        status=StationStatus(wanted["status"]) if "status" in wanted else None,
        host_kind=HostKind(wanted["host_kind"]) if "host_kind" in wanted else None,
        feature=Feature(wanted["feature"]) if "feature" in wanted else None,
        owner_id=wanted.get("owner_id"),
    )


def _edit_form(station: Station, owners: list[Organization]) -> StationForm:
    return StationForm(
        owners=organization_choices(owners),
        code=station.code,
        owner_id=station.owner_id,
        features=[row.feature for row in station.features],
        **{name: getattr(station, name) for name in _FACTS},
    )


def _facts(form: StationForm) -> services.Facts:
    values: dict[str, Any] = {name: form[name].data for name in _FACTS}
    return services.Facts(**values | {"host_kind": HostKind(form.host_kind.data)})


def _features(form: StationForm) -> list[Feature]:
    return [Feature(value) for value in form.features.data]


def _owner(form: StationForm, owners: list[Organization]) -> Organization:
    return next(owner for owner in owners if owner.id == form.owner_id.data)
