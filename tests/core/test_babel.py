"""Dates, times, numbers and names as a reader of either language expects them."""

from datetime import UTC, date, datetime

import pytest

from carecampaign.core import babel
from carecampaign.core.i18n import in_language_of
from tests.factories import OccupationFactory

INSTANT = datetime(2026, 11, 24, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("show", "value", "chinese", "english"),
    [
        (babel.show_date, date(2026, 11, 24), "2026年11月24日", "Nov 24, 2026"),
        (babel.show_time, INSTANT, "12:05", "12:05"),
        (babel.show_number, 12345, "12,345", "12,345"),
        (babel.show_yuan, 123450, "¥1,234.50", "¥1,234.50"),
        (babel.show_yuan, -1600, "-¥16.00", "-¥16.00"),
    ],
)
def test_values_in_both_languages(app, show, value, chinese, english):
    with in_language_of("zh"):
        assert show(value) == chinese
    with in_language_of("en"):
        assert show(value) == english
    assert show(None) == ""


def test_an_instant_is_shown_in_the_organisations_zone(app):
    with in_language_of("zh"):
        assert "12:05" in babel.show_datetime(INSTANT)
    assert babel.show_datetime(None) == ""


def test_a_row_is_named_in_the_readers_language_where_it_can_be(app):
    courier = OccupationFactory(name="快递员", name_en="Courier")
    unnamed = OccupationFactory(name="网约车司机", name_en="")

    with in_language_of("zh"):
        assert babel.in_language(courier) == "快递员"
    with in_language_of("en"):
        assert babel.in_language(courier) == "Courier"
        assert babel.in_language(unnamed) == "网约车司机"
