"""The pages of requisitions: asking, granting, issuing, and who may do which."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    Requisition,
    RequisitionState,
    StockDocument,
)
from carecampaign.inventory.services import Line, ensure_station_location, request_goods
from carecampaign.inventory.services.balances import level_at
from tests.factories import ItemFactory, OrganizationFactory, StationFactory, UserFactory
from tests.inventory.pages import HOSTILE_NUMBERS, filled, keeper, lead_of
from tests.inventory.people import acting, somebody
from tests.inventory.stock import receive

pytestmark = pytest.mark.usefixtures("adds_up")
PAGE = "/inventory/requisitions"


@pytest.fixture
def post(union):
    return StationFactory(owner=union, name="Bank Corner")


@pytest.fixture
def lead(post):
    return lead_of(post)


@pytest.fixture
def approver(union):
    return UserFactory(role=Role.APPROVER, organization=union)


@pytest.fixture
def stocked(warehouse, gloves):
    receive(warehouse, gloves, 100)
    return warehouse


@pytest.fixture
def asked(post, gloves, lead):
    """The station's lead asks for 40 pairs of gloves."""
    return request_goods(
        ensure_station_location(post), [Line(gloves, 40)], purpose="Cold spell", by=acting(lead)
    )


@pytest.fixture
def granted(client_for, asked, stocked, approver):
    """30 of them are granted."""
    client_for(approver).post(
        f"{PAGE}/{asked.id}/approve?warehouse={stocked.id}", data=pieces(asked, 30)
    )
    return asked


def pieces(requisition, quantity, **values):
    (line,) = requisition.lines
    return filled(**{f"line-{line.id}-quantity": quantity}, **values)


def the_only_one() -> Requisition:
    return db.session.query(Requisition).populate_existing().one()


class TestAsking:
    def test_a_lead_asks_for_the_own_station(self, client_for, lead, post, gloves):
        client = client_for(lead)
        assert "Bank Corner" in client.get(f"{PAGE}/new").text

        page = client.post(
            f"{PAGE}/new",
            data=filled(
                target=f"station-{post.id}",
                purpose="Cold spell",
                **{"lines-0-item": gloves.id, "lines-0-quantity": 40},
            ),
            follow_redirects=True,
        )

        assert "Waiting for approval" in page.text
        assert the_only_one().target.kind is LocationKind.STATION

    def test_a_planner_asks_for_a_unit(self, client_for, union, gloves):
        planner = UserFactory(role=Role.PLANNER, organization=union)

        client_for(planner).post(
            f"{PAGE}/new",
            data=filled(
                target=f"unit-{union.id}",
                purpose="Visits",
                **{"lines-0-item": gloves.id, "lines-0-quantity": 1},
            ),
        )

        assert the_only_one().target.kind is LocationKind.UNIT

    def test_sent_twice_it_is_asked_once(self, client_for, lead, post, gloves):
        client = client_for(lead)
        form = filled(
            target=f"station-{post.id}",
            purpose="Cold spell",
            **{"lines-0-item": gloves.id, "lines-0-quantity": 40},
        )

        first, second = (client.post(f"{PAGE}/new", data=form) for _ in range(2))

        assert first.location == second.location == f"{PAGE}/{the_only_one().id}"

    def test_not_for_a_station_of_others(self, client_for, lead, gloves):
        strange = StationFactory()

        answer = client_for(lead).post(
            f"{PAGE}/new",
            data=filled(
                target=f"station-{strange.id}",
                purpose="Cold spell",
                **{"lines-0-item": gloves.id, "lines-0-quantity": 40},
            ),
        )

        assert answer.status_code == 422
        assert db.session.query(Requisition).count() == 0

    def test_nothing_the_same_twice_and_a_day_that_is_over_are_refused(
        self, client_for, lead, post, gloves
    ):
        client = client_for(lead)
        rest = {"target": f"station-{post.id}", "purpose": "Cold spell"}
        twice = {
            f"lines-{number}-{name}": value
            for number in range(2)
            for name, value in (("item", gloves.id), ("quantity", 1))
        }

        for lines, words in (
            ({}, "Enter at least one item."),
            (twice, "This item is listed already."),
            ({**twice, "needed_by": "2020-01-01"}, "This day is over already."),
        ):
            page = client.post(f"{PAGE}/new", data=filled(**rest, **lines))
            assert (page.status_code, words in page.text) == (422, True)

    @pytest.mark.parametrize("number", HOSTILE_NUMBERS)
    def test_numbers_nobody_means_are_refused(self, client_for, lead, post, gloves, number):
        page = client_for(lead).post(
            f"{PAGE}/new",
            data=filled(
                target=f"station-{post.id}",
                purpose="Cold spell",
                **{"lines-0-item": gloves.id, "lines-0-quantity": number},
            ),
        )

        assert page.status_code == 422


class TestGranting:
    def test_an_approver_grants_a_part(self, client_for, asked, stocked, gloves, approver):
        client = client_for(approver)
        assert "waits for your decision" in client.get(f"{PAGE}/{asked.id}").text
        form = client.get(f"{PAGE}/{asked.id}/approve?warehouse={stocked.id}")
        assert 'value="40"' in form.text

        page = client.post(
            f"{PAGE}/{asked.id}/approve?warehouse={stocked.id}",
            data=pieces(asked, 30, comment="The rest later"),
            follow_redirects=True,
        )

        assert "Approved, to be issued" in page.text
        assert "The rest later" in page.text
        assert level_at((stocked.id, gloves.id)).reserved == 30

    def test_what_is_not_there_is_said_in_its_row(self, client_for, asked, warehouse, approver):
        page = client_for(approver).post(
            f"{PAGE}/{asked.id}/approve?warehouse={warehouse.id}", data=pieces(asked, 1)
        )

        assert page.status_code == 422
        assert "Not enough stock" in page.text
        assert the_only_one().state is RequisitionState.WAITING

    @pytest.mark.parametrize("number", [*HOSTILE_NUMBERS, 41])
    def test_numbers_beyond_what_is_asked_are_refused(
        self, client_for, asked, stocked, approver, number
    ):
        page = client_for(approver).post(
            f"{PAGE}/{asked.id}/approve?warehouse={stocked.id}", data=pieces(asked, number)
        )

        assert page.status_code == 422

    def test_whoever_asked_is_told_that_somebody_else_decides(
        self, client_for, post, gloves, stocked, approver
    ):
        own = request_goods(
            ensure_station_location(post), [Line(gloves, 1)], purpose="", by=acting(approver)
        )
        client = client_for(approver)

        assert "somebody else has to decide" in client.get(f"{PAGE}/{own.id}").text
        page = client.post(f"{PAGE}/{own.id}/approve?warehouse={stocked.id}", data=pieces(own, 1))
        assert "somebody else has to decide" in page.text

    def test_a_second_approver_is_told(self, client_for, granted, stocked, union):
        other = UserFactory(role=Role.APPROVER, organization=union)

        page = client_for(other).post(
            f"{PAGE}/{granted.id}/approve?warehouse={stocked.id}", data=pieces(granted, 40)
        )

        assert page.status_code == 409
        assert [line.granted for line in the_only_one().lines] == [30]

    def test_it_is_refused_with_a_reason(self, client_for, asked, approver):
        client = client_for(approver)
        assert client.post(f"{PAGE}/{asked.id}/refuse", data=filled()).status_code == 422

        page = client.post(
            f"{PAGE}/{asked.id}/refuse", data=filled(comment="None left"), follow_redirects=True
        )

        assert "None left" in page.text
        assert client.get(f"{PAGE}/{asked.id}/refuse").status_code == 409
        assert client.get(f"{PAGE}/{asked.id}/approve").status_code == 409


class TestIssuing:
    def test_the_keeper_sends_it(self, client_for, granted, union, gloves, stocked):
        client = client_for(keeper(union))
        assert "hand the goods over" in client.get(f"{PAGE}/{granted.id}").text

        page = client.post(
            f"{PAGE}/{granted.id}/issue", data=pieces(granted, 30), follow_redirects=True
        )

        assert "In transit" in page.text
        assert level_at((stocked.id, gloves.id))[:1] == (70,)
        assert the_only_one().state is RequisitionState.ISSUED

    def test_or_issues_it_to_somebody_who_signs(self, client_for, granted, union):
        client = client_for(keeper(union))
        without = client.post(f"{PAGE}/{granted.id}/issue", data=pieces(granted, 30, way="issue"))
        assert "Enter who receives the goods." in without.text

        page = client.post(
            f"{PAGE}/{granted.id}/issue",
            data=pieces(granted, 30, way="issue", receiver="Li Lei"),
            follow_redirects=True,
        )

        assert "Goods-issue note" in page.text
        assert "Li Lei" in page.text

    def test_sent_twice_it_goes_once(self, client_for, granted, union):
        client = client_for(keeper(union))
        form = pieces(granted, 30)

        answers = [client.post(f"{PAGE}/{granted.id}/issue", data=form) for _ in range(2)]

        assert answers[0].location == answers[1].location
        sent = db.session.query(StockDocument).filter_by(kind=DocumentKind.TRANSFER)
        assert sent.count() == 1

    def test_a_second_keeper_is_told(self, client_for, granted, union):
        client_for(keeper(union)).post(f"{PAGE}/{granted.id}/issue", data=pieces(granted, 30))

        other = client_for(keeper(union))
        assert other.get(f"{PAGE}/{granted.id}/issue").status_code == 409
        again = other.post(f"{PAGE}/{granted.id}/issue", data=pieces(granted, 30))
        assert again.status_code == 409


def test_the_lead_takes_it_back(client_for, granted, lead, stocked, gloves):
    page = client_for(lead).post(f"{PAGE}/{granted.id}/cancel", follow_redirects=True)

    assert "Requisition cancelled." in page.text
    assert level_at((stocked.id, gloves.id)).reserved == 0


class TestWhoSeesWhat:
    def test_strangers_get_a_404(self, client_for, asked, granted):
        far_away = OrganizationFactory()
        for role, way in (
            (Role.APPROVER, "approve"),
            (Role.APPROVER, "refuse"),
            (Role.STOREKEEPER, "issue"),
        ):
            client = client_for(UserFactory(role=role, organization=far_away))
            assert client.get(f"{PAGE}/{asked.id}").status_code == 404
            assert client.get(f"{PAGE}/{asked.id}/{way}").status_code == 404
        planner = UserFactory(role=Role.PLANNER, organization=far_away)
        assert client_for(planner).post(f"{PAGE}/{asked.id}/cancel").status_code == 404
        assert granted == asked

    def test_who_looks_but_does_not_keep_cannot_issue(self, client_for, granted, lead):
        assert client_for(lead).get(f"{PAGE}/{granted.id}").status_code == 200
        assert client_for(lead).get(f"{PAGE}/{granted.id}/issue").status_code == 403

    def test_the_list_shows_own_ones_and_narrows(self, client_for, asked, approver, lead):
        for user in (approver, lead):
            assert "Cold spell" in client_for(user).get(PAGE).text
        far_away = UserFactory(role=Role.APPROVER, organization=OrganizationFactory())
        assert "No requisition yet" in client_for(far_away).get(PAGE).text
        narrowed = client_for(approver).get(f"{PAGE}?state=issued")
        assert "No requisition matches" in narrowed.text
        found = client_for(approver).get(f"{PAGE}?state=waiting&location={asked.target_id}")
        assert "Cold spell" in found.text

    def test_the_list_costs_the_same_for_one_and_for_three(
        self, client_for, count_queries, asked, approver, post, union
    ):
        client = client_for(approver)
        client.get(PAGE)
        with count_queries() as for_one:
            client.get(PAGE)
        planner = somebody(union, Role.PLANNER)
        for _number in range(2):
            request_goods(
                ensure_station_location(post), [Line(ItemFactory(), 1)], purpose="x", by=planner
            )
        db.session.commit()

        with count_queries() as for_three:
            client.get(PAGE)

        assert len(for_three) == len(for_one)
        assert asked.number == 1
