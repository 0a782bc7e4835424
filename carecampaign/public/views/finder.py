"""The finder of warm stations: near, open now, with what one needs."""

from urllib.parse import quote

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public
from carecampaign.core import clock
from carecampaign.core.babel import language
from carecampaign.core.urls import page_number
from carecampaign.files.responses import send
from carecampaign.public import queries
from carecampaign.public.forms import FinderForm
from carecampaign.public.views.blueprint import blueprint
from carecampaign.stations.models import FACILITIES, SERVICES, Feature, Station
from carecampaign.stations.opening import Spans, write_spans
from carecampaign.stations.queries import get_photo, opening_of, openings_of


@blueprint.get("")
@public
def finder() -> ResponseReturnValue:
    """List the stations that fit, with what the finder asks."""
    form = FinderForm(queries.list_districts(), formdata=request.args)
    wanted = _wanted(form)
    page = queries.find_stations(wanted, page=page_number())
    return render_template(
        "public/finder.html",
        form=form,
        page=page,
        near=wanted.near,
        today=openings_of([found.station for found in page.items], clock.now()),
        groups=(FACILITIES, SERVICES),
        hours=_hours,
        geo_link=_geo_link,
        apple_link=_apple_link,
    )


@blueprint.get("/stations/<path:code>")
@public
def station(code: str) -> ResponseReturnValue:
    """Show what everybody may know of a station."""
    found = queries.get_station(code)
    return render_template(
        "public/station.html",
        station=found,
        opening=opening_of(found, clock.now()),
        hours=_hours,
        geo_link=_geo_link,
        apple_link=_apple_link,
    )


@blueprint.get("/photos/<id:photo_id>/<any(full, thumb):size>/<path:code>")
@public
def photo(code: str, photo_id: int, size: str) -> Response:
    """Give a photo of a station that everybody may see."""
    return send(get_photo(queries.get_station(code), photo_id).file, size=size)


def _wanted(form: FinderForm) -> queries.Wanted:
    asked = form.valid_values()
    near = None
    if "lat" in asked and "lng" in asked:
        near = queries.Spot(asked["lat"], asked["lng"])
    return queries.Wanted(
        text=asked.get("q", ""),
        district=asked.get("district", ""),
        features=tuple(Feature(value) for value in asked.get("offers", ())),
        open_at=clock.now() if asked.get("is_open") else None,
        near=near,
    )


def _hours(spans: Spans) -> str:
    return write_spans(spans, language())


def _geo_link(station: Station) -> str:
    """Give the link that a phone opens with its own map (RFC 5870, WGS-84)."""
    spot = f"{station.wgs84_latitude},{station.wgs84_longitude}"
    return f"geo:{spot}?q={spot}({quote(station.name)})"


def _apple_link(station: Station) -> str:
    spot = f"{station.wgs84_latitude},{station.wgs84_longitude}"
    return f"maps://?q={quote(station.name)}&ll={spot}"
