"""Where something is: coordinates as Chinese maps give them, and as satellites do.

Amap and Tencent shift coordinates (GCJ-02), Baidu shifts them once more (BD-09): taken for
WGS-84, they are several hundred metres off.
"""

from dataclasses import dataclass

import prcoords

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import Labelled, _l

WEST, EAST = 73.0, 136.0
SOUTH, NORTH = 3.0, 54.5
"""Degrees of a box around China, well inside the one for which the shifts are defined."""

DECIMALS = 6
"""Of a degree: a tenth of a metre."""


class Datum(Labelled):
    WGS84 = "wgs84", _l("WGS-84 (GPS, Tianditu)")
    GCJ02 = "gcj02", _l("GCJ-02 (Amap, Tencent)")
    BD09 = "bd09", _l("BD-09 (Baidu)")


class OutsideChina(DomainError):
    """Coordinates lie outside the box around China: mistyped, or swapped."""

    def __init__(self, field: str) -> None:
        super().__init__(
            _l("This is outside China. Are longitude and latitude swapped?"), field=field
        )


@dataclass(frozen=True)
class Position:
    """Degrees east and north, of a datum."""

    longitude: float
    latitude: float
    datum: Datum


_SHIFT_BACK = {Datum.GCJ02: prcoords.gcj_wgs_bored, Datum.BD09: prcoords.bd_wgs_bored}


def to_wgs84(position: Position) -> Position:
    """Give the same place in WGS-84, to a tenth of a metre. Raises OutsideChina."""
    if not WEST <= position.longitude <= EAST:
        raise OutsideChina("longitude")
    if not SOUTH <= position.latitude <= NORTH:
        raise OutsideChina("latitude")
    longitude, latitude = position.longitude, position.latitude
    if position.datum is not Datum.WGS84:
        place = prcoords.Coords(latitude, longitude)
        latitude, longitude = _SHIFT_BACK[position.datum](place)
    return Position(round(longitude, DECIMALS), round(latitude, DECIMALS), Datum.WGS84)
