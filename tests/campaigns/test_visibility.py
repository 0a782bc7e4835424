"""Who sees a campaign: its organiser's side, and, once it is no draft, who takes part."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import CampaignState
from carecampaign.campaigns.queries import (
    CampaignFilters,
    campaigns_for,
    get_campaign_for,
    get_campaign_to_approve,
    get_campaign_to_plan,
)
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from tests.campaigns.plans import actor_of, approver_of, draft, planner_of
from tests.factories import CampaignFactory, OrganizationFactory, UserFactory


@pytest.fixture
def campaign(app):
    """A campaign of a district, which a street union takes part in, with a partner body."""
    city = OrganizationFactory()
    district = OrganizationFactory(parent=city)
    campaign = CampaignFactory(organizer=district, name="Winter care")
    campaign.units.append(OrganizationFactory(parent=district, name="Street"))
    campaign.co_organizers.append(OrganizationFactory(name="Publicity department"))
    db.session.flush()
    return campaign


def people_around(campaign):
    organizer = campaign.organizer
    return {
        "above": organizer.parent,
        "organizer": organizer,
        "unit": campaign.units[0],
        "co-organizer": campaign.co_organizers[0],
        "beside": OrganizationFactory(parent=organizer.parent),
        "below a unit": OrganizationFactory(parent=campaign.units[0]),
    }


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [
        (CampaignState.DRAFT, {"above", "organizer"}),
        (CampaignState.SUBMITTED, {"above", "organizer", "unit", "co-organizer"}),
        (CampaignState.ACTIVE, {"above", "organizer", "unit", "co-organizer"}),
        (CampaignState.CLOSED, {"above", "organizer", "unit", "co-organizer"}),
    ],
)
def test_a_campaign_is_seen_by_its_organizer_and_once_no_draft_by_who_takes_part(
    campaign, client_for, state, seen_by
):
    campaign.state = state
    statuses = {}
    for name, organization in people_around(campaign).items():
        client = client_for(planner_of(organization))
        listed = f'href="/campaigns/{campaign.id}"' in client.get("/campaigns").text
        status = client.get(f"/campaigns/{campaign.id}").status_code
        assert status == (200 if listed else 404)
        statuses[name] = status

    assert {name for name, status in statuses.items() if status == 200} == seen_by


def test_only_planners_of_the_organizer_plan(campaign):
    for name, organization in people_around(campaign).items():
        actor = actor_of(planner_of(organization))
        if name in {"above", "organizer"}:
            assert get_campaign_to_plan(actor, campaign.id) is campaign
        else:
            with pytest.raises(NotFound):
                get_campaign_to_plan(actor, campaign.id)


def test_only_approvers_of_the_organizer_approve(campaign):
    organizer = campaign.organizer
    assert get_campaign_to_approve(actor_of(approver_of(organizer)), campaign.id) is campaign
    for actor in (actor_of(planner_of(organizer)), actor_of(approver_of(campaign.units[0]))):
        with pytest.raises(NotFound):
            get_campaign_to_approve(actor, campaign.id)


def test_a_volunteer_sees_no_campaign_through_the_tree(campaign, client_for):
    volunteer = UserFactory(role=Role.VOLUNTEER, organization=campaign.organizer)
    with pytest.raises(NotFound):
        get_campaign_for(actor_of(volunteer), campaign.id)
    assert client_for(volunteer).get("/campaigns").status_code == 403


def test_nobody_sees_anything_unless_signed_in(campaign, client_for):
    assert client_for(None).get(f"/campaigns/{campaign.id}").status_code in {302, 401}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["Ice", "Winter care"]),
        ({"text": "CARE"}, ["Winter care"]),
        ({"text": "%"}, []),
        ({"year": 2030}, ["Ice"]),
        ({"season": "summer"}, ["Ice"]),
        ({"state": CampaignState.DRAFT}, ["Ice"]),
    ],
)
def test_filters_narrow_the_list(campaign, filters, found):
    draft(campaign.organizer, name="Ice", year=2030, season="summer", starts_on=campaign.ends_on)
    planner = actor_of(planner_of(campaign.organizer))

    rows = db.session.scalars(campaigns_for(planner, CampaignFilters(**filters)))

    assert [row.name for row in rows] == found


def test_the_list_can_be_narrowed_to_an_organizer_by_url(campaign, client_for):
    other = draft(OrganizationFactory(parent=campaign.organizer), name="Other plan")
    client = client_for(planner_of(campaign.organizer))

    page = client.get(f"/campaigns?organizer={other.organizer_id}&year={other.year}").text

    assert "Other plan" in page
    assert f'href="/campaigns/{campaign.id}"' not in page


@pytest.mark.parametrize(
    "query",
    [
        "season=x",
        "year=x",
        f"year={10**30}",
        "state=%00",
        "organizer=-1",
        f"q={'x' * 500}",
        "page=-5",
        f"page={10**30}",
        "q=%00%F0%9F%A7%A4",
    ],
)
def test_a_filter_that_makes_no_sense_is_left_out(campaign, client_for, query):
    client = client_for(planner_of(campaign.organizer))

    answer = client.get(f"/campaigns?{query}")

    assert answer.status_code == 200
    if not query.startswith("q=%00"):
        assert "Winter care" in answer.text


def test_an_empty_list_says_what_to_do(client_for, app):
    organization = OrganizationFactory()
    assert "Draft the first one" in client_for(planner_of(organization)).get("/campaigns").text
    auditor = UserFactory(role=Role.AUDITOR, organization=organization)
    assert "takes part in one" in client_for(auditor).get("/campaigns").text


@pytest.mark.parametrize("campaign_id", [0, 7, 10**19, 10**30])
def test_an_unknown_campaign_is_not_found(app, client_for, campaign_id):
    client = client_for(planner_of(OrganizationFactory()))
    assert client.get(f"/campaigns/{campaign_id}").status_code == 404
