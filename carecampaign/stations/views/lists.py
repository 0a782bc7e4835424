"""The list of stations, and the same on a map."""

from pathlib import Path

from flask import current_app, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import show_list
from carecampaign.stations import queries
from carecampaign.stations.forms import StationFilterForm
from carecampaign.stations.models import Feature, HostKind, StationStatus, StationType
from carecampaign.stations.views.blueprint import blueprint


@blueprint.get("")
@requires(Permission.STATIONS_VIEW)
def index() -> ResponseReturnValue:
    """List the stations one may see, with filters."""
    form = filter_form()
    return show_list(
        "stations/index.html",
        queries.STATIONS,
        queries.stations_to_list(signed_in(), filters_of(form)),
        form=form,
        complete=queries.with_opening,
    )


@blueprint.get("/map")
@requires(Permission.STATIONS_VIEW)
def on_map() -> ResponseReturnValue:
    """Show the stations of a list on the map."""
    form = filter_form()
    stations, places = queries.count_places_for(signed_in(), filters_of(form))
    return render_template(
        "stations/on_map.html",
        form=form,
        stations=stations,
        places=places,
        most_places=queries.MOST_PLACES,
        statuses=list(StationStatus),
    )


@blueprint.get("/map/places")
@requires(Permission.STATIONS_VIEW)
def places() -> ResponseReturnValue:
    """Give the stations of a list as GeoJSON."""
    found = queries.list_places_for(signed_in(), filters_of(filter_form()))
    return {"type": "FeatureCollection", "features": [_feature(place) for place in found]}


@blueprint.get("/map/boundary")
@requires(Permission.STATIONS_VIEW)
def boundary() -> ResponseReturnValue:
    """Give the boundary that this installation draws on its maps."""
    path = Path(current_app.config.get("MAP_BOUNDARY_FILE") or "")
    if not path.is_file():
        raise NotFound(_l("This installation has no boundary file."))
    return send_file(path.resolve(), mimetype="application/geo+json", max_age=3600)


def _feature(place: queries.Place) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": place.id,
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": {
            "code": place.code,
            "name": place.name,
            "address": place.address,
            "status": place.status.value,
            "status_label": str(place.status.label),
            "url": url_for("stations.show", station_id=place.id),
        },
    }


def filter_form() -> StationFilterForm:
    return StationFilterForm(
        formdata=request.args,
        districts=queries.list_districts_for(signed_in()),
        owners=queries.list_owners_of_visible(signed_in()),
    )


def filters_of(form: StationFilterForm) -> queries.StationFilters:
    wanted = form.valid_values()
    closed_lists = {
        "station_type": StationType,
        "status": StationStatus,
        "host_kind": HostKind,
        "feature": Feature,
        "stars": int,
    }
    return queries.StationFilters(
        text=wanted.get("text", ""),
        district=wanted.get("district", ""),
        open_at=clock.now() if "is_open" in wanted else None,
        owner_id=wanted.get("owner_id"),
        **{name: kind(wanted[name]) for name, kind in closed_lists.items() if name in wanted},
    )
