"""A station's page, and the forms of its facts and its status."""

from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.core import clock
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.undo import flash_with_undo
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import choices as organization_choices
from carecampaign.stations import queries, services
from carecampaign.stations.coordinates import Datum, Position
from carecampaign.stations.forms import NewStationForm, StationForm, StatusForm
from carecampaign.stations.models import (
    BuildMode,
    Feature,
    HostKind,
    Station,
    StationStatus,
    StationType,
)
from carecampaign.stations.views.blueprint import blueprint, to_station


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
            return to_station(done.outcome)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Station added."), "success")
            return to_station(station.id)
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
        opening=queries.opening_of(station, clock.now()),
        most_photos=services.MOST_PHOTOS,
        may_manage=queries.may_manage(signed_in(), station),
        change_history=history_of(station),
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
            return to_station(station_id)
    page = render_template("stations/edit.html", form=form, station=station)
    return page, 422 if form.errors else 200


@blueprint.route("/<id:station_id>/status", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def change_status(station_id: int) -> ResponseReturnValue:
    """Open, close or delist a station."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    before = _status_of(station)
    form = StatusForm(
        status=station.status, reason=station.status_reason, reopens_on=station.reopens_on
    )
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_status(
                    queries.get_station_to_manage(signed_in(), station_id, lock=True),
                    StationStatus(form.status.data),
                    reason=form.reason.data,
                    since=form.since.data or clock.today(),
                    reopens_on=form.reopens_on.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash_with_undo(
                _("Status changed."), ".change_status", sending=before, station_id=station_id
            )
            return to_station(station_id)
    page = render_template("stations/change_status.html", form=form, station=station)
    return page, 422 if form.errors else 200


_CLOSED_LISTS = {"host_kind": HostKind, "station_type": StationType, "build_mode": BuildMode}


def _status_of(station: Station) -> dict[str, str]:
    """Give what the form of the status sends to put it back to what it is now."""
    dates = {"since": station.status_since, "reopens_on": station.reopens_on}
    return {
        "status": station.status.value,
        "reason": station.status_reason,
        **{name: day.isoformat() for name, day in dates.items() if day is not None},
    }


def _edit_form(station: Station, owners: list[Organization]) -> StationForm:
    values: dict[str, Any] = {name: getattr(station, name) for name in services.COLUMNS}
    if (position := station.position) is not None:
        values |= vars(position)
    for row in station.listings:
        values |= {
            f"on_{row.service.value}": True,
            f"on_{row.service.value}_since": row.listed_on,
        }
    return StationForm(
        owners=organization_choices(owners),
        code=station.code,
        owner_id=station.owner_id,
        opening=station.rules,
        facilities=station.facilities,
        services=station.services,
        **values,
    )


def _facts(form: StationForm) -> services.Facts:
    values: dict[str, Any] = {name: form[name].data for name in services.COLUMNS}
    for name, kind in _CLOSED_LISTS.items():
        values[name] = kind(values[name]) if values[name] else None
    listings = {
        service: since.data for service, is_listed, since in form.map_fields() if is_listed.data
    }
    return services.Facts(
        **values, position=_position(form), opening=form.opening.data, listings=listings
    )


def _position(form: StationForm) -> Position | None:
    if form.longitude.data is None:
        return None
    datum = Datum(form.datum.data or Datum.WGS84)
    return Position(float(form.longitude.data), float(form.latitude.data), datum)


def _features(form: StationForm) -> list[Feature]:
    return [Feature(value) for value in [*form.facilities.data, *form.services.data]]


def _owner(form: StationForm, owners: list[Organization]) -> Organization:
    return next(owner for owner in owners if owner.id == form.owner_id.data)
