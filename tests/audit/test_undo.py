"""Beside a success message stands a button that takes it back, by the verb that does so anyway."""

import re
from collections import defaultdict

import pytest

from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import Quota
from carecampaign.core.db import db
from carecampaign.stations.models import StationMember, StationStatus
from tests.campaigns.plans import complete, draft, planner_of, stored
from tests.factories import (
    CarePackageFactory,
    FundSourceFactory,
    ItemFactory,
    OccupationFactory,
    OrganizationFactory,
    StationFactory,
    UserFactory,
)


@pytest.fixture
def city(app):
    return OrganizationFactory()


@pytest.fixture
def station(city):
    return StationFactory(owner=city, status=StationStatus.CLOSED, status_reason="Snow")


@pytest.fixture
def sign_in(client_for, city):
    """A browser of somebody of a role at the city, with the rows made so far saved."""
    return lambda role: client_for(UserFactory(role=role, organization=city))


def do(client, path, **sending):
    answer = client.post(path, data=sending, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def undo(client, page):
    """Press the button beside the message."""
    message = re.search(r'data-flash>.*?action="([^"]+)"(.*?)</form>', page, re.DOTALL)
    sent = defaultdict(list)
    for name, value in re.findall(r'name="(\w+)"\s+value="([^"]*)"', message[2]):
        sent[name].append(value)
    return do(client, message[1], **{k: v for k, v in sent.items() if k != "csrf_token"})


def again(row):
    return db.session.get(type(row), row.id, populate_existing=True)


@pytest.mark.parametrize(
    ("make", "path", "role"),
    [
        (ItemFactory, "/catalogue/items/{}/deactivate", Role.PLANNER),
        (OccupationFactory, "/occupations/{}/deactivate", Role.PLANNER),
        (FundSourceFactory, "/funds/{}/deactivate", Role.FINANCE),
        (UserFactory, "/users/{}/deactivate", Role.ADMINISTRATOR),
        (OrganizationFactory, "/organizations/{}/deactivate", Role.ADMINISTRATOR),
        (CarePackageFactory, "/catalogue/packages/{}/deactivate", Role.PLANNER),
    ],
)
def test_what_was_retired_is_back_with_one_tap(city, sign_in, make, path, role):
    facts = {
        FundSourceFactory: {"organization": city},
        UserFactory: {"organization": city},
        OrganizationFactory: {"parent": city},
    }.get(make, {})
    row = make(**facts)
    client = sign_in(role)

    page = do(client, path.format(row.id))
    assert not again(row).is_active
    undo(client, page)

    assert again(row).is_active


def test_taking_back_can_itself_be_taken_back(sign_in):
    item = ItemFactory()
    client = sign_in(Role.PLANNER)

    undo(client, undo(client, do(client, f"/catalogue/items/{item.id}/deactivate")))

    assert not again(item).is_active


def test_a_status_goes_back_to_what_it_was_with_its_reason(sign_in, station):
    client = sign_in(Role.PLANNER)

    undo(client, do(client, f"/stations/{station.id}/status", status="open", reason=""))

    assert (again(station).status, again(station).status_reason) == ("closed", "Snow")


@pytest.mark.parametrize("is_lead", [True, False])
def test_a_member_who_was_taken_out_is_one_again(city, sign_in, station, is_lead):
    role = Role.STATION_LEAD if is_lead else Role.VOLUNTEER
    person = UserFactory(role=role, organization=city)
    member = StationMember(user=person, is_lead=is_lead)
    station.members.append(member)
    client = sign_in(Role.PLANNER)

    undo(client, do(client, f"/stations/{station.id}/members/{member.id}/remove"))

    assert [(one.user_id, one.is_lead) for one in again(station).members] == [(person.id, is_lead)]


def test_a_partner_who_was_taken_out_is_one_again(sign_in, station):
    partner = OrganizationFactory()
    station.partners.append(partner)
    client = sign_in(Role.PLANNER)

    undo(client, do(client, f"/stations/{station.id}/partners/{partner.id}/remove"))

    assert again(station).partners == [partner]


def test_units_that_joined_or_left_a_draft_go_back(city, client_for):
    campaign = draft(city)
    units = [OrganizationFactory(parent=city) for _number in range(2)]
    client = client_for(planner_of(city))
    here = f"/campaigns/{campaign.id}/units"
    ids = [unit.id for unit in units]

    joined = do(client, f"{here}/add", organization_ids=ids)
    left = undo(client, joined)
    assert stored(campaign.id).units == []
    undo(client, left)

    assert {unit.id for unit in stored(campaign.id).units} == set(ids)


def test_no_unit_seems_to_come_back_with_quotas_that_are_gone(city, client_for):
    campaign = draft(city)
    [unit], [group] = complete(campaign).units, campaign.groups
    db.session.add(Quota(campaign_id=campaign.id, unit_id=unit.id, group_id=group.id, planned=5))
    client = client_for(planner_of(city))

    page = do(client, f"/campaigns/{campaign.id}/units/remove", organization_ids=unit.id)

    assert "1 unit taken out." in page
    assert "Undo" not in page


def test_co_organizers_that_were_named_or_not_any_more_go_back(city, client_for):
    campaign = draft(city)
    partners = [OrganizationFactory().id for _number in range(2)]
    client = client_for(planner_of(city))
    here = f"/campaigns/{campaign.id}/co-organizers"

    named = do(client, here, organization_ids=partners)
    removed = undo(client, named)
    assert stored(campaign.id).co_organizers == []
    undo(client, removed)

    assert {one.id for one in stored(campaign.id).co_organizers} == set(partners)
    assert "Tick at least one" in do(client, f"{here}/remove")


def test_the_offer_is_made_once(sign_in):
    item = ItemFactory()
    client = sign_in(Role.PLANNER)

    assert "Undo" in do(client, f"/catalogue/items/{item.id}/deactivate")
    assert "Undo" not in client.get(f"/catalogue/items/{item.id}").text
