"""Photos of a station."""

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.files.responses import send
from carecampaign.files.services import prepare_image
from carecampaign.stations import queries, services
from carecampaign.stations.forms import PhotoForm, PhotoWordsForm
from carecampaign.stations.models import PhotoKind
from carecampaign.stations.views.blueprint import blueprint, to_station


@blueprint.get("/<id:station_id>/photos/<id:photo_id>/<any(full, thumb):size>")
@requires(Permission.STATIONS_VIEW)
def photo(station_id: int, photo_id: int, size: str) -> Response:
    """Give a photo of a station that one may see."""
    return send(queries.get_photo_for(signed_in(), station_id, photo_id).file, size=size)


@blueprint.route("/<id:station_id>/photos/new", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def add_photo(station_id: int) -> ResponseReturnValue:
    """Add a photo to a station."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    form = PhotoForm()
    if form.validate_on_submit():
        try:
            picture = prepare_image(form.photo.data.stream)
            with transaction():
                claim(form.command_id.data, "stations.add_photo")
                services.add_photo(
                    queries.get_station_to_manage(signed_in(), station_id, lock=True),
                    picture,
                    name=form.photo.data.filename,
                    kind=PhotoKind(form.kind.data),
                    caption=form.caption.data,
                    by=signed_in(),
                )
        except AlreadyDone:
            return to_station(station_id)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Photo added."), "success")
            return to_station(station_id)
    page = render_template("stations/add_photo.html", form=form, station=station)
    return page, 422 if form.errors else 200


@blueprint.route("/<id:station_id>/photos/<id:photo_id>/edit", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def edit_photo(station_id: int, photo_id: int) -> ResponseReturnValue:
    """Say anew what a photo shows."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    found = queries.get_photo(station, photo_id)
    form = PhotoWordsForm(kind=found.kind, caption=found.caption)
    if form.validate_on_submit():
        with transaction():
            station = queries.get_station_to_manage(signed_in(), station_id, lock=True)
            services.edit_photo(
                station,
                queries.get_photo(station, photo_id),
                kind=PhotoKind(form.kind.data),
                caption=form.caption.data,
                by=signed_in(),
            )
        flash(_("Photo saved."), "success")
        return to_station(station_id)
    page = render_template("stations/edit_photo.html", form=form, station=station, photo=found)
    return page, 422 if form.errors else 200


@blueprint.post("/<id:station_id>/photos/<id:photo_id>/remove")
@requires(Permission.STATIONS_MANAGE)
def remove_photo(station_id: int, photo_id: int) -> ResponseReturnValue:
    """Take a photo away."""
    with transaction():
        station = queries.get_station_to_manage(signed_in(), station_id, lock=True)
        services.remove_photo(station, queries.get_photo(station, photo_id), by=signed_in())
    flash(_("Photo removed."), "success")
    return to_station(station_id)
