"""The QR code of a station, by itself and on a poster for its door."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.qr import draw_qr
from carecampaign.stations import queries
from carecampaign.stations.models import Station
from carecampaign.stations.views.blueprint import blueprint

QUIET_ZONE = 4
"""White squares around the code, as its standard asks for."""


@blueprint.get("/<id:station_id>/qr-code")
@requires(Permission.STATIONS_VIEW)
def qr_code(station_id: int) -> ResponseReturnValue:
    """Give the code that leads to a station's page, as SVG."""
    station = queries.get_station_for(signed_in(), station_id)
    drawing = draw_qr(address_of(station), quiet_zone=QUIET_ZONE)
    response = Response(drawing, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.get("/<id:station_id>/poster")
@requires(Permission.STATIONS_VIEW)
def poster(station_id: int) -> ResponseReturnValue:
    """Show the poster for the door: a sheet of A4 with the code."""
    station = queries.get_station_for(signed_in(), station_id)
    return render_template("stations/poster.html", station=station, address=address_of(station))


def address_of(station: Station) -> str:
    """Give the address people reach by the code: the station's public page."""
    return url_for("public.station", code=station.code, _external=True)
