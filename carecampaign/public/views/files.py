"""The directory of stations for the makers of maps: GeoJSON and CSV of the public facts."""

import json
from collections.abc import Iterator

from flask import Response
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public
from carecampaign.core.babel import language
from carecampaign.core.downloads import send_csv
from carecampaign.core.i18n import _
from carecampaign.core.sheets import Cell, Sheet
from carecampaign.public import queries
from carecampaign.public.views.blueprint import blueprint
from carecampaign.stations.models import Station
from carecampaign.stations.opening import write

GEOJSON = "application/geo+json"


@blueprint.get("/stations.geojson")
@public
def as_geojson() -> ResponseReturnValue:
    """Give all stations in use whose place is known, in WGS-84 as GeoJSON asks (RFC 7946)."""
    features = [_feature(it) for it in queries.all_stations() if it.datum is not None]
    collection = {"type": "FeatureCollection", "features": features}
    return Response(json.dumps(collection, ensure_ascii=False), mimetype=GEOJSON)


@blueprint.get("/stations.csv")
@public
def as_csv() -> ResponseReturnValue:
    """Give all stations in use as a table."""
    headings = [
        *(_("Code"), _("Name"), _("Aliases"), _("Host unit"), _("District"), _("Address")),
        *(_("Longitude (WGS-84)"), _("Latitude (WGS-84)"), _("Opening hours")),
        *(_("What it offers"), _("Public phone"), _("Status"), _("Run by")),
    ]
    title = _("Warm stations")
    return send_csv(title, Sheet(title, headings, _rows()))


def _rows() -> Iterator[list[Cell]]:
    for station in queries.all_stations():
        facts = _facts(station)
        yield [
            *(facts["code"], facts["name"], facts["aliases"], facts["host_unit"]),
            *(facts["district"], facts["address"]),
            *(station.wgs84_longitude, station.wgs84_latitude, facts["opening_hours"]),
            *("、".join(str(row.feature.label) for row in station.features), facts["phone"]),
            *(str(station.status.label), facts["run_by"]),
        ]


def _feature(station: Station) -> dict[str, object]:
    place = [station.wgs84_longitude, station.wgs84_latitude]
    offers = [row.feature.value for row in station.features]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {**_facts(station), "status": station.status.value, "offers": offers},
    }


def _facts(station: Station) -> dict[str, str]:
    """Give the public facts that are words; the lead's own phone is none of them."""
    return {
        "code": station.code,
        "name": station.name,
        "aliases": " ".join(filter(None, (station.brand, station.aliases))),
        "host_unit": station.host_unit,
        "district": station.district,
        "address": f"{station.street}{station.address}",
        "opening_hours": write(station.rules, language()),
        "opening_note": station.opening_note,
        "phone": station.public_phone,
        "run_by": station.owner.name,
    }
