"""Many events at once: typed, pasted, from a sheet, or one event on many days."""

import io
from datetime import date, time

import openpyxl
import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.core.sheets import Sheet, to_csv, to_xlsx
from carecampaign.distributions.forms import MOST_ROWS
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.holidays.models import DayKind, Holiday
from tests.factories import CampaignFactory, OrganizationFactory, StationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def station(scene):
    return StationFactory(owner=scene.campaign.organizer, code="TZ-007", name="Warm corner")


def plan_url(scene) -> str:
    return f"/events/plan?campaign={scene.campaign.id}"


def grid(*rows, **further) -> dict:
    """The cells of a grid as a browser sends them."""
    cells = {
        f"cell-{number}-{key}": value
        for number, row in enumerate(rows)
        for key, value in row.items()
    }
    return {"command_id": str(uuid_utils.uuid7()), **cells, **further}


def row(scene, **cells) -> dict:
    return {
        "held_on": "2026-12-05",
        "starts_at": "9:00",
        "ends_at": "12:00",
        "where": "TZ-007",
        f"planned_{scene.couriers.id}": "20",
        **cells,
    }


def planned_ones() -> list[DistributionEvent]:
    return (
        db.session.query(DistributionEvent)
        .filter_by(state=EventState.PLANNED)
        .order_by(DistributionEvent.held_on, DistributionEvent.id)
        .all()
    )


def test_a_whole_plan_is_saved_at_once_and_only_once(scene, station, planner):
    db.session.commit()
    fields = grid(
        row(scene, people=f"{scene.volunteer.username}、{scene.lead.username.upper()}"),
        {},
        row(scene, held_on="2026年12月6日", where="Bus stop", starts_at="９：３０", ends_at=""),
        row(scene, held_on="12月7日", where="warm CORNER", unit=scene.campaign.organizer.name),
    )

    first, again = (planner.post(plan_url(scene), data=fields) for _time in range(2))

    assert (first.status_code, again.status_code) == (302, 302)
    corner, stop, third = planned_ones()
    assert (corner.station, corner.starts_at, corner.ends_at) == (station, time(9), time(12))
    assert [(plan.group_id, plan.planned) for plan in corner.plans] == [(scene.couriers.id, 20)]
    assert set(corner.volunteers) == {scene.volunteer, scene.lead}
    assert (stop.station, stop.place, stop.starts_at) == (None, "Bus stop", time(9, 30))
    assert (third.held_on, third.station) == (date(2026, 12, 7), station)


def test_a_plan_is_saved_whole_or_not_at_all(scene, station, planner):
    db.session.commit()
    fields = grid(row(scene), row(scene, held_on="2030-01-01"), row(scene))

    answer = planner.post(plan_url(scene), data=fields)

    assert answer.status_code == 422
    assert "outside the period" in answer.text
    assert "same event as in row 1" in answer.text
    assert planned_ones() == []


@pytest.mark.parametrize(
    ("cell", "text", "words"),
    [
        ("held_on", "soon", "Write the day like 2026-12-01."),
        ("held_on", "2026-02-30", "no such day"),
        ("held_on", "", "may not be empty"),
        ("starts_at", "morning", "Write the time like 9:30."),
        ("starts_at", "25:00", "Write the time like 9:30."),
        ("ends_at", "8:00", "The end must be after the start."),
        ("where", "TZ-008", "no station with the code TZ-008"),
        ("where", "", "may not be empty"),
        ("where", "x " * 61, "at most 120"),
        ("unit", "Somebody else", "does not take part"),
        ("people", "nobody", "No volunteer or lead of yours has this account: nobody"),
        ("planned", "many", "whole number"),
        ("planned", "-1", "whole number"),
        ("planned", "9999999", "Plan a whole number"),
    ],
)
def test_what_is_wrong_stands_in_its_cell(scene, station, planner, cell, text, words):
    key = f"planned_{scene.couriers.id}" if cell == "planned" else cell
    db.session.commit()

    answer = planner.post(plan_url(scene), data=grid(row(scene, **{key: text})))

    assert answer.status_code == 422
    assert words in answer.text
    assert planned_ones() == []


def test_an_event_that_is_planned_already_is_not_planned_again(scene, station, planner):
    db.session.commit()
    planner.post(plan_url(scene), data=grid(row(scene)))

    answer = planner.post(plan_url(scene), data=grid(row(scene)))

    assert answer.status_code == 422
    assert "already has an event" in answer.text


def test_an_empty_plan_says_so(scene, planner):
    answer = planner.post(plan_url(scene), data=grid())

    assert answer.status_code == 422
    assert "Fill in at least one event." in answer.text


def test_rows_are_added_without_losing_what_was_typed(scene, planner):
    assert 'name="cell-4-held_on"' in planner.get(plan_url(scene)).text

    page = planner.post(plan_url(scene), data=grid({"held_on": "someday"}, add_rows="1"))

    assert page.status_code == 200
    assert 'value="someday"' in page.text
    assert 'name="cell-5-held_on"' in page.text


def test_a_grid_ends_somewhere(scene, planner):
    fields = grid(add_rows="1", **{f"cell-{MOST_ROWS}-where": "beyond", "cell-²-where": "odd"})

    page = planner.post(plan_url(scene), data=fields).text

    assert "beyond" not in page


def test_the_campaign_is_chosen_first(scene, planner):
    page = planner.get("/events/plan").text

    assert f"/events/plan?campaign={scene.campaign.id}" in page
    assert planner.get("/events/plan?campaign=999999").status_code == 404


def test_it_costs_a_bounded_number_of_queries_to_look_at(scene, planner, count_queries):
    planner.get(plan_url(scene))
    with count_queries() as few:
        planner.get(plan_url(scene))
    for _number in range(3):
        StationFactory(owner=scene.campaign.organizer)
        unit = OrganizationFactory(parent=scene.campaign.organizer)
        scene.campaign.units.append(unit)
    db.session.commit()
    with count_queries() as many:
        planner.get(plan_url(scene))

    assert len(many) == len(few)


# From a sheet


def send(planner, scene, content: bytes, filename: str):
    data = {"read": "1", "file": (io.BytesIO(content), filename)}
    return planner.post(plan_url(scene), data=data, content_type="multipart/form-data")


def test_a_sheet_fills_the_grid_and_nothing_is_planned_yet(scene, station, planner):
    db.session.commit()
    sheet = Sheet(
        "Plan",
        ["日期", "Begins at", "Station code or place", "Couriers", "Remarks"],
        [[date(2026, 12, 5), "9:00", "TZ-007", 20, "?"], ["soon", "", "Bus stop", None, ""]],
    )

    answer = send(planner, scene, to_xlsx(sheet), "plan.xlsx")

    assert 'value="TZ-007"' in answer.text
    assert 'value="2026-12-05"' in answer.text
    assert "Write the day like 2026-12-01." in answer.text
    assert "There is no column for “Remarks”" in answer.text
    assert planned_ones() == []


def test_the_people_of_a_sheet_are_known(scene, station, planner):
    db.session.commit()
    sheet = Sheet(
        "Plan",
        ["Date", "Station code or place", "Assigned people (account names)"],
        [["2026-12-05", "TZ-007", scene.volunteer.username]],
    )

    answer = send(planner, scene, to_csv(sheet), "plan.csv")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (b"PK\x03\x04 nonsense", "plan.xlsx", "damaged"),
        (b"%PDF", "plan.pdf", "no .xlsx, .xls or .csv"),
        (b"Date\n", "plan.csv", "no rows below"),
        (b"Date\n" + b"2026-12-05\n" * (MOST_ROWS + 1), "plan.csv", "at most 300 rows"),
        (b"Begins at\n9:00\n", "plan.csv", "The column is missing."),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_words(scene, planner, content, filename, words):
    answer = send(planner, scene, content, filename)

    assert answer.status_code == 422
    assert words in answer.text


def test_without_a_file_it_says_so(scene, planner):
    answer = planner.post(plan_url(scene), data={"read": "1"})

    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_the_template_reads_back_and_names_stations_and_people(scene, station, planner):
    db.session.commit()
    url = f"/events/plan/template.xlsx?campaign={scene.campaign.id}"

    book = openpyxl.load_workbook(io.BytesIO(planner.get(url).data))

    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["Date", "Begins at"]
    assert ("TZ-007", "Warm corner") in list(book["Stations"].values)
    assert any(scene.volunteer.username in values for values in book["People"].values)
    answer = planner.get(url.replace("xlsx", "csv"))
    assert answer.status_code == 200
    assert "Couriers" in answer.data.decode("utf-8-sig")


# On many days


def repeat_url(scene, **query) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/events/{scene.event.id}/repeat?{pairs}"


@pytest.fixture
def new_year(app):
    """New Year's Day, a Friday, is a public holiday."""
    db.session.add(
        Holiday(day=date(2027, 1, 1), kind=DayKind.HOLIDAY, name="元旦", name_en="New Year")
    )
    db.session.commit()


def test_the_days_offered_are_the_weekdays_without_holidays(scene, planner, new_year):
    query = {"since": "2026-12-24", "until": "2027-01-09", "weekdays": 4}

    page = planner.get(repeat_url(scene, **query, skip_holidays="y")).text
    assert 'value="2026-12-25"' in page
    assert 'value="2027-01-08"' in page
    assert 'value="2027-01-01"' not in page

    page = planner.get(repeat_url(scene, **query)).text
    assert 'value="2027-01-01"' in page
    assert "Public holiday" in page


def test_at_first_the_days_are_those_of_its_own_weekday(scene, planner):
    page = planner.get(f"/events/{scene.event.id}/repeat").text

    # The first of December 2026 is a Tuesday.
    assert 'value="2026-12-08"' in page
    assert 'value="2026-12-09"' not in page


def test_the_event_is_planned_on_each_day_chosen(scene, planner):
    url = repeat_url(scene, since="2026-12-07", until="2026-12-13", weekdays=0) + "&weekdays=2"
    fields = {"command_id": str(uuid_utils.uuid7()), "days": ["2026-12-07", "2026-12-09"]}

    answers = [planner.post(url, data=fields).status_code for _time in range(2)]

    assert answers == [302, 302]
    first, second = planned_ones()
    assert (first.held_on, second.held_on) == (date(2026, 12, 7), date(2026, 12, 9))
    assert first.station == second.station == scene.event.station
    again = fields | {"command_id": str(uuid_utils.uuid7())}
    answer = planner.post(url, data=again)
    assert answer.status_code == 422
    assert "already has an event" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2027-01-01", "until": "2026-12-01"},
        {"since": "x", "until": ""},
        {"since": "2000-01-01", "until": "2199-12-31"},
        {"since": "2026-12-07", "until": "2026-12-13", "weekdays": "9"},
    ],
)
def test_a_period_that_makes_no_sense_offers_no_days(scene, planner, query):
    page = planner.get(repeat_url(scene, **query))

    assert page.status_code == 200
    assert "No day of the campaign fits." in page.text
    assert planner.post(repeat_url(scene, **query), data={"days": "2026-12-08"}).status_code == 422


def test_leads_plan_nothing(scene, client_for):
    lead = client_for(scene.lead)

    for url in (plan_url(scene), repeat_url(scene), f"/events/{scene.event.id}/copy"):
        assert lead.get(url).status_code == 403


def test_a_plan_of_others_is_not_found(scene, client_for):
    stranger = client_for(UserFactory(role=Role.PLANNER, organization=CampaignFactory().organizer))

    assert stranger.get(plan_url(scene)).status_code == 404
