"""Who belongs to a station, and with whom it is shared."""

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.stations import services
from carecampaign.stations.models import StationMember
from tests.factories import OrganizationFactory, StationFactory, UserFactory


@pytest.fixture
def city(app):
    return OrganizationFactory()


@pytest.fixture
def district(city):
    return OrganizationFactory(parent=city)


@pytest.fixture
def planner(district):
    return UserFactory(role=Role.PLANNER, organization=district)


@pytest.fixture
def station(district):
    return StationFactory(owner=district)


def volunteer_at(organization, **facts):
    return UserFactory(role=Role.VOLUNTEER, organization=organization, **facts)


def members(station) -> list[tuple[int, bool]]:
    db.session.rollback()
    statement = select(StationMember).where(StationMember.station_id == station.id)
    return [(member.user_id, member.is_lead) for member in db.session.scalars(statement)]


def test_a_volunteer_is_made_a_member(client_for, planner, station, district):
    user = volunteer_at(district, name="小李")
    client = client_for(planner)

    response = client.post(f"/stations/{station.id}/members/new", data={"user_id": user.id})

    assert response.location == f"/stations/{station.id}"
    assert members(station) == [(user.id, False)]
    assert "小李" in client.get(f"/stations/{station.id}").text
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "stations.add_member"
    assert entry.changes == {"user": user.username, "is_lead": False}


def test_a_station_lead_is_made_the_lead(client_for, planner, station, district):
    lead = UserFactory(role=Role.STATION_LEAD, organization=district)

    client_for(planner).post(
        f"/stations/{station.id}/members/new", data={"user_id": lead.id, "is_lead": "y"}
    )

    assert members(station) == [(lead.id, True)]


def test_a_volunteer_cannot_lead_a_station(client_for, planner, station, district):
    user = volunteer_at(district)

    response = client_for(planner).post(
        f"/stations/{station.id}/members/new", data={"user_id": user.id, "is_lead": "y"}
    )

    assert response.status_code == 422
    assert "does not hold the role of a station lead" in response.text
    assert members(station) == []


def test_people_with_a_station_role_within_reach_can_be_chosen(
    client_for, planner, station, city, district
):
    """Those of the district, of what is below it, and those whose role reaches down to it."""
    street = OrganizationFactory(parent=district)
    here, below, above = (volunteer_at(place) for place in (district, street, city))
    elsewhere = volunteer_at(OrganizationFactory(parent=city))
    inactive = volunteer_at(district, is_active=False)
    approver = UserFactory(role=Role.APPROVER, organization=district)
    already = volunteer_at(district)
    station.members.append(StationMember(user=already))

    page = client_for(planner).get(f"/stations/{station.id}/members/new").text

    for user in (here, below, above):
        assert f"({user.username})" in page
    for user in (elsewhere, inactive, approver, already):
        assert f"({user.username})" not in page


@pytest.mark.parametrize("user_id", ["", "0", "-1", "999", str(10**30), "x", "\0"])
def test_somebody_who_cannot_be_chosen_is_refused(client_for, planner, station, district, user_id):
    volunteer_at(district)

    response = client_for(planner).post(
        f"/stations/{station.id}/members/new", data={"user_id": user_id}
    )

    assert response.status_code == 422
    assert 'id="user_id-errors"' in response.text
    assert members(station) == []


def test_the_same_member_sent_twice_is_one_member(client_for, planner, station, district):
    user = volunteer_at(district)
    client = client_for(planner)
    url = f"/stations/{station.id}/members/new"

    client.post(url, data={"user_id": user.id})
    second = client.post(url, data={"user_id": user.id})

    assert second.status_code == 422
    assert members(station) == [(user.id, False)]


def test_somebody_added_meanwhile_is_not_added_again(app, station, district):
    user = volunteer_at(district)
    services.add_member(station, user, is_lead=False, by=SYSTEM)

    with pytest.raises(services.AlreadyMember):
        services.add_member(station, user, is_lead=False, by=SYSTEM)


def test_with_nobody_to_choose_the_page_says_what_to_do(client_for, planner, station):
    page = client_for(planner).get(f"/stations/{station.id}/members/new").text

    assert "Nobody to choose from" in page


def test_a_member_is_removed_once(client_for, planner, station, district):
    user = volunteer_at(district)
    station.members.append(StationMember(user=user))
    db.session.flush()
    client = client_for(planner)
    url = f"/stations/{station.id}/members/{station.members[0].id}/remove"

    assert client.post(url).status_code == 302
    assert members(station) == []
    assert client.post(url).status_code == 404
    assert db.session.scalars(select(AuditEntry)).one().action == "stations.remove_member"


def test_a_member_of_another_station_cannot_be_removed_from_here(
    client_for, planner, station, district
):
    other = StationFactory(members=[StationMember(user=volunteer_at(district))])
    member = other.members[0]

    response = client_for(planner).post(f"/stations/{station.id}/members/{member.id}/remove")

    assert response.status_code == 404
    assert len(members(other)) == 1


def test_a_station_is_shared_and_no_longer_shared(client_for, planner, station):
    partner = OrganizationFactory(name="市金融工会")
    client = client_for(planner)
    url = f"/stations/{station.id}"

    client.post(f"{url}/partners/new", data={"organization_id": partner.id})
    assert "市金融工会</td>" in client.get(url).text

    client.post(f"{url}/partners/{partner.id}/remove")
    assert "市金融工会</td>" not in client.get(url).text
    assert client.post(f"{url}/partners/{partner.id}/remove").status_code == 404
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["stations.add_partner", "stations.remove_partner"]


def test_a_station_is_not_shared_with_its_owner_or_twice(client_for, planner, station):
    partner = OrganizationFactory()
    station.partners.append(partner)
    client = client_for(planner)

    for organization_id in (station.owner_id, partner.id, "999", str(10**30), "", "x"):
        response = client.post(
            f"/stations/{station.id}/partners/new", data={"organization_id": organization_id}
        )
        assert response.status_code == 422
        assert 'id="organization_id-errors"' in response.text
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_partner_added_meanwhile_is_not_added_again(app, station):
    partner = OrganizationFactory()
    services.add_partner(station, partner, by=SYSTEM)

    for organization in (partner, station.owner):
        with pytest.raises(services.AlreadyPartner):
            services.add_partner(station, organization, by=SYSTEM)


def test_a_rule_broken_meanwhile_shows_beside_the_field(
    client_for, planner, station, district, monkeypatch
):
    """Between looking and saving somebody else may have done the same."""
    user, partner = volunteer_at(district), OrganizationFactory()
    client = client_for(planner)

    def too_late(*_args, **_kwargs):
        raise services.AlreadyMember

    def shared(*_args, **_kwargs):
        raise services.AlreadyPartner

    monkeypatch.setattr(services, "add_member", too_late)
    monkeypatch.setattr(services, "add_partner", shared)
    url = f"/stations/{station.id}"

    member = client.post(f"{url}/members/new", data={"user_id": user.id})
    assert (member.status_code, "already belongs" in member.text) == (422, True)
    taken = client.post(f"{url}/partners/new", data={"organization_id": partner.id})
    assert (taken.status_code, "already runs or shares" in taken.text) == (422, True)


def test_choosing_members_sends_as_many_queries_for_many_as_for_few(
    client_for, planner, station, district, count_queries
):
    def queries_sent() -> int:
        db.session.commit()
        with count_queries() as sent:
            client.get(f"/stations/{station.id}/members/new")
            client.get(f"/stations/{station.id}")
        return len(sent)

    user = volunteer_at(district)
    station.members.append(StationMember(user=volunteer_at(district)))
    client = client_for(planner)
    few = queries_sent()
    for _ in range(8):
        volunteer_at(district)
        station.members.append(StationMember(user=volunteer_at(district)))
    user.grants.append(RoleGrant(role=Role.STATION_LEAD, organization=district))

    assert queries_sent() == few
