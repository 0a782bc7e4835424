"""Star levels and titles: each year's stays, the newest counts."""

import uuid

import pytest
from sqlalchemy import select

from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.stations.models import AwardLevel, Station, StationAward, StationRating
from tests.factories import StationFactory


def rate(client, station, year, stars, **more):
    form = {"command_id": str(uuid.uuid4()), "year": year, "stars": stars, "note": ""} | more
    return client.post(f"/stations/{station.id}/ratings/new", data=form)


def stars_of(station) -> int:
    db.session.rollback()
    return db.session.get(Station, station.id, populate_existing=True).stars


def test_a_downgrade_keeps_the_former_level(client_for, planner, station):
    client = client_for(planner)

    rate(client, station, 2025, 5)
    rate(client, station, 2026, 3, note="未按时开放")

    assert stars_of(station) == 3
    page = client.get(f"/stations/{station.id}").text
    assert "5 stars" in page
    assert "未按时开放" in page


def test_of_two_levels_in_a_year_the_last_counts_and_none_takes_the_stars_away(
    client_for, planner, station
):
    client = client_for(planner)
    for stars in (5, 4, 0):
        rate(client, station, 2026, stars)

    assert stars_of(station) == 0
    assert "No stars" in client.get(f"/stations/{station.id}").text


def test_a_level_entered_by_mistake_is_removed(client_for, planner, station):
    client = client_for(planner)
    rate(client, station, 2025, 5)
    rate(client, station, 2026, 1)
    mistake = db.session.scalars(select(StationRating).where(StationRating.stars == 1)).one()

    client.post(f"/stations/{station.id}/ratings/{mistake.id}/remove")

    assert stars_of(station) == 5
    actions = [entry.action for entry in db.session.scalars(select(AuditEntry))]
    assert actions == ["stations.add_rating", "stations.add_rating", "stations.remove_rating"]


def test_the_same_form_sent_twice_rates_once(client_for, planner, station):
    client, command = client_for(planner), str(uuid.uuid4())

    for _ in range(2):
        assert rate(client, station, 2026, 4, command_id=command).status_code == 302

    assert len(db.session.scalars(select(StationRating)).all()) == 1


@pytest.mark.parametrize(
    "form", [{"stars": "6"}, {"stars": "-1"}, {"stars": ""}, {"year": "1999"}, {"year": "9" * 30}]
)
def test_a_level_that_cannot_be_is_refused(client_for, planner, station, form):
    response = rate(client_for(planner), station, **{"year": "2026", "stars": "3"} | form)

    assert response.status_code == 422
    assert db.session.scalars(select(StationRating)).all() == []


def test_a_title_is_given_once_a_year(client_for, planner, station):
    client, url = client_for(planner), f"/stations/{station.id}"
    form = {"year": "2026", "level": "city"}

    assert client.post(f"{url}/awards/new", data=form).status_code == 302
    again = client.post(f"{url}/awards/new", data=form)

    assert again.status_code == 422
    assert "already has this title" in again.text
    award = db.session.scalars(select(StationAward)).one()
    assert (award.year, award.level) == (2026, AwardLevel.CITY)
    assert "Most Beautiful Station" in client.get(url).text


def test_a_title_is_taken_out_again(client_for, planner, station):
    station.awards = [StationAward(year=2026, level=AwardLevel.NATIONAL)]
    client = client_for(planner)

    client.post(f"/stations/{station.id}/awards/{station.awards[0].id}/remove")

    assert db.session.scalars(select(StationAward)).all() == []


def test_levels_of_another_station_are_not_found(client_for, planner, station, district):
    other = StationFactory(owner=district)
    other.ratings = [StationRating(year=2026, stars=3, note="")]
    other.awards = [StationAward(year=2026, level=AwardLevel.CITY)]
    client = client_for(planner)

    for path in (f"ratings/{other.ratings[0].id}", f"awards/{other.awards[0].id}", "ratings/999"):
        assert client.post(f"/stations/{station.id}/{path}/remove").status_code == 404
