"""Plan against fact: every figure comes from the counters, and each figure is its own."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import CampaignGroupOccupation, Quota
from carecampaign.catalogue.models import Item
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.distributions import services
from carecampaign.reports.queries import progress
from tests.distributions.scene import at_station, carry, receive, set_the_scene, staff
from tests.factories import (
    ItemFactory,
    OccupationFactory,
    OrganizationFactory,
    PersonFactory,
    UserFactory,
)

DAY = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def scene(app):
    """An event that handed out 3 packages to couriers, 1 to riders, 2 pairs of gloves."""
    scene = set_the_scene(packages=10)
    gloves = ItemFactory(name="Gloves")
    receive(scene.warehouse, gloves, 5, unit_value=300)
    carry(scene.warehouse, scene.event, gloves, 5)
    scene.log(quantity=3, head_count=3)
    scene.log(group_id=scene.riders.id)
    scene.log(item_id=gloves.id, quantity=2, head_count=0)
    db.session.add(
        Quota(
            campaign_id=scene.campaign.id,
            unit_id=scene.campaign.organizer_id,
            group_id=scene.couriers.id,
            planned=8,
        )
    )
    db.session.commit()
    return scene


def totals_of(campaign, **options):
    return progress.campaign_totals(campaign, progress.by_day(campaign), **options)


def courier_occupation(scene):
    """An occupation that counts as courier in the campaign."""
    occupation = OccupationFactory()
    db.session.add(
        CampaignGroupOccupation(
            group_id=scene.couriers.id,
            occupation_id=occupation.id,
            campaign_id=scene.campaign.id,
        )
    )
    return occupation


def test_the_four_figures_are_counted_apart(scene):
    figures = totals_of(scene.campaign).figures

    assert figures == progress.Figures(person_times=4, packages=4, pieces=2, value=20_600)


def test_persons_count_once_however_often_they_are_served(scene):
    occupation = courier_occupation(scene)
    person = PersonFactory(organization=scene.event.unit, occupation=occupation)
    db.session.flush()
    scene.log(person_id=person.id, group_id=None)
    scene.log(person_id=person.id, group_id=None, already_given=True)

    totals = totals_of(scene.campaign)

    assert totals.persons == 1
    assert totals.figures.person_times == 6


def test_a_screen_counts_no_more_persons_than_it_may(scene):
    occupation = courier_occupation(scene)
    for _number in range(3):
        person = PersonFactory(organization=scene.event.unit, occupation=occupation)
        db.session.flush()
        scene.log(person_id=person.id, group_id=None)

    cut, whole = (totals_of(scene.campaign, most=most) for most in (2, 3))

    assert (cut.persons, cut.is_cut) == (2, True)
    assert (whole.persons, whole.is_cut) == (3, False)


def test_a_void_leaves_every_figure(scene, app):
    logged = scene.log()
    services.void_handout(logged.id, void_id=scene.tap().id, reason="Wrong group", by=SYSTEM)

    assert totals_of(scene.campaign).figures.packages == 4


def test_groups_show_quota_beside_fact(scene, app):
    with app.test_request_context():
        lines = progress.by_group(scene.campaign, progress.read_cells(scene.campaign), in_language)

    assert [(line.planned, line.figures.packages) for line in lines] == [(8, 3), (0, 1)]


def test_breakdowns_add_up_to_the_totals(scene, app):
    with app.test_request_context():
        breakdowns = [
            progress.by_unit(scene.campaign, progress.read_cells(scene.campaign)),
            progress.by_group(scene.campaign, progress.read_cells(scene.campaign), in_language),
            progress.by_place(scene.campaign),
        ]
    totals = totals_of(scene.campaign).figures

    assert [progress.total_of(lines).figures for lines in breakdowns] == [totals] * 3
    assert progress.by_day(scene.campaign)[0][1] == totals


def test_a_unit_without_handouts_is_listed_with_zeros(scene):
    unit = OrganizationFactory(parent=scene.campaign.organizer, short_name="Quiet unit")
    scene.campaign.units.append(unit)
    db.session.flush()

    lines = {
        line.label: line
        for line in progress.by_unit(scene.campaign, progress.read_cells(scene.campaign))
    }

    assert lines["Quiet unit"].figures == progress.Figures()


def test_the_page_shows_plan_and_fact(scene, client_for):
    planner = staff(scene.campaign.organizer)

    page = client_for(planner).get(f"/reports/campaigns/{scene.campaign.id}").text

    assert "Couriers" in page
    assert "¥206.00" in page


def test_a_strangers_campaign_is_not_found(scene, client_for):
    stranger = UserFactory(role=Role.PLANNER)
    client = client_for(stranger)

    assert client.get(f"/reports/campaigns/{scene.campaign.id}").status_code == 404
    assert client.get(f"/reports/campaigns/{scene.campaign.id}/progress.csv").status_code == 404


def test_the_page_costs_the_same_with_more_handouts(scene, client_for, count_queries):
    client = client_for(staff(scene.campaign.organizer))
    path = f"/reports/campaigns/{scene.campaign.id}"
    client.get(path)
    with count_queries() as before:
        client.get(path)
    for _handout in range(3):
        scene.log()
    db.session.commit()
    with count_queries() as after:
        client.get(path)

    sent = [statement for statement in after if statement != "BEGIN"]
    assert len(sent) == len([statement for statement in before if statement != "BEGIN"])
    assert len(sent) <= 12


def test_the_workbook_has_the_figures_of_the_page(scene, client_for):
    response = client_for(staff(scene.campaign.organizer)).get(
        f"/reports/campaigns/{scene.campaign.id}/progress.xlsx"
    )
    book = openpyxl.load_workbook(io.BytesIO(response.data))

    overview = {row[0].value: row[1].value for row in book["Overview"].iter_rows(min_row=2)}
    assert overview["Packages handed out"] == 4
    assert overview["Value (yuan)"] == 206
    groups = [[cell.value for cell in row] for row in book["By target group"].iter_rows()]
    assert groups[1][:3] == ["Couriers", 8, 3]
    assert groups[-1] == ["Total", 8, 4, 4, 2, 206]


def test_the_csv_has_every_breakdown_and_a_mark_for_excel(scene, client_for):
    response = client_for(staff(scene.campaign.organizer), language="zh").get(
        f"/reports/campaigns/{scene.campaign.id}/progress.csv"
    )

    assert response.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert ["快递员", "8", "3"] in [row[1:4] for row in rows]


def test_campaigns_are_listed_with_their_figures(scene, client_for):
    page = client_for(staff(scene.campaign.organizer)).get("/reports").text

    assert scene.campaign.name in page
    assert "¥206.00" in page


def test_without_a_campaign_the_list_says_what_to_do(app, client_for):
    assert "No campaign has begun yet" in client_for(UserFactory()).get("/reports").text


def test_a_campaign_without_handouts_says_so(app, client_for):
    scene = set_the_scene(packages=0)

    page = client_for(staff(scene.campaign.organizer)).get(
        f"/reports/campaigns/{scene.campaign.id}"
    )

    assert "Nothing handed out yet" in page.text


class TestTheLogOfAnEvent:
    def log(self, client, scene, query=""):
        return client.get(f"/reports/events/{scene.event.id}/log{query}")

    def test_it_lists_what_was_handed_out(self, scene, client_for):
        page = self.log(client_for(staff(scene.campaign.organizer)), scene)

        assert "Gloves" in page.text
        assert "3 entries" in page.text

    def test_it_is_filtered_by_group_and_item(self, scene, client_for):
        client = client_for(staff(scene.campaign.organizer))

        assert "1 entry" in self.log(client, scene, f"?group_id={scene.riders.id}").text
        gloves = db.session.query(Item).filter_by(name="Gloves").one()
        assert "1 entry" in self.log(client, scene, f"?item_id={gloves.id}").text

    def test_voided_entries_can_be_told_apart(self, scene, client_for):
        logged = scene.log()
        services.void_handout(logged.id, void_id=scene.tap().id, reason="Wrong group", by=SYSTEM)
        client = client_for(staff(scene.campaign.organizer))

        assert "Wrong group" in self.log(client, scene, "?validity=voided").text
        assert "3 entries" in self.log(client, scene, "?validity=valid").text
        assert "4 entries" in self.log(client, scene).text

    def test_it_is_filtered_by_name_and_day(self, scene, client_for):
        occupation = courier_occupation(scene)
        person = PersonFactory(name="王演示", organization=scene.event.unit, occupation=occupation)
        db.session.flush()
        scene.log(person_id=person.id, group_id=None, happened_at=DAY)
        client = client_for(staff(scene.campaign.organizer))

        assert "1 entry" in self.log(client, scene, "?text=王").text
        assert "No entries" in self.log(client, scene, "?to_day=2020-01-01").text
        assert "No entries" in self.log(client, scene, "?from_day=2100-01-01").text

    @pytest.mark.parametrize(
        "query",
        ["?group_id=9999999999999999999999", "?validity=x", "?from_day=x", "?text=%00", "?page=x"],
    )
    def test_a_filter_that_makes_no_sense_is_left_out(self, scene, client_for, query):
        assert (
            self.log(client_for(staff(scene.campaign.organizer)), scene, query).status_code == 200
        )

    def test_the_download_holds_what_the_filter_shows(self, scene, client_for):
        client = client_for(staff(scene.campaign.organizer))
        path = f"/reports/events/{scene.event.id}/log"
        narrowed = f"{path}?group_id={scene.riders.id}"
        as_csv = client.get(f"{narrowed}&format=csv").data.decode("utf-8-sig")
        as_xlsx = client.get(f"{narrowed}&format=xlsx").data

        assert len(list(csv.reader(io.StringIO(as_csv)))) == 2
        assert openpyxl.load_workbook(io.BytesIO(as_xlsx)).active.max_row == 2

    def test_a_strangers_event_is_not_found(self, scene, client_for):
        client = client_for(UserFactory(role=Role.PLANNER))

        assert self.log(client, scene).status_code == 404
        assert client.get(f"/reports/events/{scene.event.id}/log?format=csv").status_code == 404

    def test_a_lead_sees_the_log_but_takes_no_file_away(self, scene, client_for):
        client = client_for(at_station(scene.event, Role.STATION_LEAD))

        assert self.log(client, scene).status_code == 200
        assert client.get(f"/reports/events/{scene.event.id}/log?format=csv").status_code == 403
