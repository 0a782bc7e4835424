"""Whose stations one sees, and whose one looks after."""

import pytest
from sqlalchemy import select

from carecampaign.access.actor import EVERYWHERE, SYSTEM, Actor, Grant
from carecampaign.access.permissions import Permission, Role
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.stations import queries
from carecampaign.stations.models import Station, StationMember, StationStatus
from tests.factories import OrganizationFactory, StationFactory, UserFactory


@pytest.fixture
def district(app):
    return OrganizationFactory()


@pytest.fixture
def street(district):
    return OrganizationFactory(parent=district)


@pytest.fixture
def bank_union(app):
    return OrganizationFactory()


@pytest.fixture
def station(street, bank_union):
    """A street's station, shared with the union of the bank it is in, with a noisy neighbour."""
    StationFactory(members=[StationMember(user=UserFactory(role=Role.VOLUNTEER))])
    return StationFactory(owner=street, partners=[bank_union])


def test_a_station_is_seen_by_its_owner_those_above_and_its_partners(
    client_for, station, district, street, bank_union
):
    for organization in (district, street, bank_union):
        client = client_for(UserFactory(role=Role.AUDITOR, organization=organization))
        assert client.get(f"/stations/{station.id}").status_code == 200
        assert client.get("/stations").text.count(station.name) == 1


def test_a_strangers_station_is_not_found(client_for, station):
    client = client_for(UserFactory(role=Role.PLANNER))
    url = f"/stations/{station.id}"

    assert station.name not in client.get("/stations").text
    for path in (url, f"{url}/edit", f"{url}/status", f"{url}/members/new", f"{url}/partners/new"):
        assert client.get(path).status_code == 404
    for path in ("edit", "status", "members/1/remove", "partners/1/remove"):
        assert client.post(f"{url}/{path}").status_code == 404


def test_a_partner_sees_a_station_but_does_not_look_after_it(client_for, station, bank_union):
    client = client_for(UserFactory(role=Role.PLANNER, organization=bank_union))
    url = f"/stations/{station.id}"

    page = client.get(url).text
    assert "/edit" not in page
    assert "/remove" not in page
    assert client.get(f"{url}/edit").status_code == 404
    assert client.post(f"{url}/partners/{bank_union.id}/remove").status_code == 404


def test_the_administrator_of_everything_sees_every_station(client_for, station):
    user = UserFactory(role=Role.ADMINISTRATOR, organization=None)

    assert client_for(user).get(f"/stations/{station.id}/edit").status_code == 200


@pytest.mark.parametrize("role", [Role.STATION_LEAD, Role.VOLUNTEER])
def test_station_roles_see_the_stations_they_belong_to(client_for, station, street, role):
    user = UserFactory(role=role, organization=street)
    neighbour = StationFactory(owner=street)
    client = client_for(user)
    assert client.get(f"/stations/{station.id}").status_code == 404

    station.members.append(StationMember(user=user))
    db.session.commit()

    page = client.get(f"/stations/{station.id}").text
    assert "/edit" not in page
    assert client.get(f"/stations/{neighbour.id}").status_code == 404
    assert client.get(f"/stations/{station.id}/edit").status_code == 403


def test_belonging_to_a_station_gives_nothing_without_a_station_role(client_for, station):
    user = UserFactory(role=Role.AUDITOR)
    station.members.append(StationMember(user=user))

    assert client_for(user).get(f"/stations/{station.id}").status_code == 404


def test_who_sees_no_stations_at_all_is_refused(client_for, station):
    nobody = UserFactory(grants=[])

    assert client_for(nobody).get(f"/stations/{station.id}").status_code == 403


def test_filters_offer_only_what_is_in_reach(client_for, station, street):
    StationFactory(district="密云区", owner=OrganizationFactory(name="Far union"))
    station.district = "通州区"

    page = client_for(UserFactory(role=Role.AUDITOR, organization=street)).get("/stations").text

    assert "通州区" in page
    assert "密云区" not in page
    assert "Far union" not in page


def test_other_areas_can_ask_which_stations_a_permission_reaches(app, station, street):
    def reached(actor: Actor, permission: Permission) -> list[Station]:
        condition = queries.visible_stations(actor, permission)
        return list(db.session.scalars(select(Station).where(condition)))

    planner = Actor(id=1, name="", grants=(Grant(Role.PLANNER, street.path),))

    assert reached(planner, Permission.DISTRIBUTIONS_PLAN) == [station]
    assert reached(planner, Permission.CAMPAIGNS_APPROVE) == []
    assert len(reached(SYSTEM, Permission.STATIONS_MANAGE)) == 2


def test_stations_to_choose_from_are_in_use_and_in_reach(app, station, street):
    closed = StationFactory(owner=street, status=StationStatus.DELISTED)
    planner = Actor(id=1, name="", grants=(Grant(Role.PLANNER, street.path),))

    assert queries.list_open_stations_for(planner) == [station]
    assert closed in queries.list_open_stations_for(planner, also=[closed.id])
    assert queries.get_station_for(planner, closed.id) is closed
    with pytest.raises(NotFound):
        queries.get_station_for(planner, closed.id, Permission.CAMPAIGNS_APPROVE)


def test_everywhere_is_every_station(app, station):
    everybody = Actor(id=1, name="", grants=(Grant(Role.ADMINISTRATOR, EVERYWHERE),))

    assert queries.may_manage(everybody, station)
