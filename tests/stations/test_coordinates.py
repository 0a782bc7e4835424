"""Coordinates of Chinese maps are put right for queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecampaign.stations.coordinates import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    Datum,
    OutsideChina,
    Position,
    to_wgs84,
)

TIANANMEN = (116.3913, 39.9075)
"""WGS-84."""


@pytest.mark.parametrize(
    ("datum", "entered"),
    [
        (Datum.WGS84, TIANANMEN),
        (Datum.GCJ02, (116.39754, 39.90891)),
        (Datum.BD09, (116.40389, 39.91526)),
    ],
)
def test_the_same_place_read_off_three_maps_is_the_same(datum, entered):
    found = to_wgs84(Position(*entered, datum))

    assert (found.longitude, found.latitude) == pytest.approx(TIANANMEN, abs=0.0002)
    assert found.datum is Datum.WGS84


@pytest.mark.parametrize(
    ("place", "field"), [((39.9, 116.4), "longitude"), ((116.4, 0.5), "latitude")]
)
def test_swapped_coordinates_are_refused(place, field):
    with pytest.raises(OutsideChina) as raised:
        to_wgs84(Position(*place, Datum.GCJ02))

    assert raised.value.field == field


@given(st.floats(WEST, EAST), st.floats(SOUTH, NORTH), st.sampled_from(Datum))
def test_a_map_is_never_off_by_more_than_a_few_kilometres(longitude, latitude, datum):
    found = to_wgs84(Position(longitude, latitude, datum))

    assert found.longitude == pytest.approx(longitude, abs=0.05)
    assert found.latitude == pytest.approx(latitude, abs=0.05)
