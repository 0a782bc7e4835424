"""The pages of stock-takes: counting on the phone, and the decision on the sheet."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.inventory.models import StockTake, StockTakeState
from carecampaign.inventory.services import ensure_station_location
from tests.factories import ItemFactory, OrganizationFactory, StationFactory, UserFactory
from tests.inventory.pages import HOSTILE_NUMBERS, filled, keeper, lead_of
from tests.inventory.stock import hand_out, level, receive

pytestmark = pytest.mark.usefixtures("adds_up")
PAGE = "/inventory/stock-takes"


@pytest.fixture
def post(union):
    return StationFactory(owner=union, name="Bank Corner")


@pytest.fixture
def place(post, gloves, cups):
    place = ensure_station_location(post)
    receive(place, gloves, 20)
    receive(place, cups, 10)
    return place


@pytest.fixture
def lead(post):
    return lead_of(post)


@pytest.fixture
def approver(union):
    return UserFactory(role=Role.APPROVER, organization=union)


@pytest.fixture
def under_way(client_for, lead, place) -> StockTake:
    client_for(lead).post(f"{PAGE}/new", data=filled(location=place.id, is_blind="y"))
    return the_only_one()


@pytest.fixture
def waiting(client_for, lead, under_way) -> StockTake:
    """A cup is missing."""
    client = client_for(lead)
    count(client, under_way, 9)
    count(client, under_way, 20)
    finish(client, under_way, "Broken")
    return the_only_one()


def the_only_one() -> StockTake:
    return db.session.query(StockTake).populate_existing().one()


def the_line(item):
    return next(line for line in the_only_one().lines if line.item_id == item.id)


def count(client, stock_take, counted, *, line=None, round_number=1, **options):
    query = "" if line is None else f"?line={line.id}"
    return client.post(
        f"{PAGE}/{stock_take.id}/count{query}",
        data=filled(counted=counted, round=round_number),
        **options,
    )


def finish(client, stock_take, *reasons):
    differing = [line for line in the_only_one().lines if line.difference]
    values = {
        f"line-{line.id}-reason": reason for line, reason in zip(differing, reasons, strict=False)
    }
    return client.post(
        f"{PAGE}/{stock_take.id}/finish", data=filled(**values), follow_redirects=True
    )


class TestCounting:
    def test_a_lead_begins_to_count_the_own_station(self, client_for, lead, place):
        client = client_for(lead)
        assert "Bank Corner" in client.get(f"{PAGE}/new").text

        page = client.post(
            f"{PAGE}/new", data=filled(location=place.id, is_blind="y"), follow_redirects=True
        )

        assert "Being counted" in page.text
        assert "Blind count" in page.text

    def test_one_item_comes_after_the_other(self, client_for, lead, under_way):
        client = client_for(lead)
        first = client.get(f"{PAGE}/{under_way.id}/count")
        assert "Cups" in first.text
        assert "Line 1 of 2" in first.text

        second = count(client, under_way, 9, follow_redirects=True)
        assert "Cups 20261124: 9 counted." in second.text
        assert "Line 2 of 2" in second.text

        last = count(client, under_way, 20, follow_redirects=True)
        assert "These counts differ from the books." in last.text

    def test_a_blind_count_hides_the_books_until_it_is_finished(self, client_for, lead, under_way):
        client = client_for(lead)
        count(client, under_way, 9)
        line = the_only_one().lines[0]

        again = client.get(f"{PAGE}/{under_way.id}/count?line={line.id}")
        assert "counted before: 9" in again.text
        assert "The books then said" not in again.text
        assert "Book quantity" not in client.get(f"{PAGE}/{under_way.id}").text

    def test_an_open_count_shows_them(self, client_for, lead, place):
        client = client_for(lead)
        client.post(f"{PAGE}/new", data=filled(location=place.id))
        count(client, the_only_one(), 9)

        assert "Book quantity" in client.get(f"{PAGE}/{the_only_one().id}").text

    def test_who_counts_the_same_item_at_once_is_told(self, client_for, lead, union, under_way):
        line = under_way.lines[0]
        count(client_for(lead), under_way, 9, line=line)

        page = count(client_for(keeper(union)), under_way, 8, line=line)

        assert page.status_code == 409
        assert "Somebody else counted Cups" in page.text
        assert [each.counted for each in the_only_one().lines[0].counts] == [9]

    def test_a_double_tap_counts_once(self, client_for, lead, under_way):
        client = client_for(lead)
        form = filled(counted=9, round=1)
        url = f"{PAGE}/{under_way.id}/count?line={under_way.lines[0].id}"

        answers = [client.post(url, data=form).status_code for _ in range(2)]

        assert answers == [302, 302]
        assert len(the_only_one().lines[0].counts) == 1

    @pytest.mark.parametrize("number", [each for each in HOSTILE_NUMBERS if each != "0"])
    def test_numbers_nobody_counts_are_refused(self, client_for, lead, under_way, number):
        page = count(client_for(lead), under_way, number)

        assert page.status_code == 422

    @pytest.mark.parametrize("number", ["", "-1", "x", "²", "9" * 5000])
    def test_a_round_that_is_none_is_refused(self, client_for, lead, under_way, number):
        page = count(client_for(lead), under_way, 9, round_number=number)

        assert page.status_code == 422

    def test_nothing_at_all_is_no_count_but_none_is(self, client_for, lead, under_way):
        client = client_for(lead)
        assert count(client, under_way, "").status_code == 422
        assert count(client, under_way, 0).status_code == 302

    def test_what_is_here_beyond_the_books_is_counted_too(self, client_for, lead, under_way):
        scarf = ItemFactory(name="Scarf")
        client = client_for(lead)

        page = client.post(
            f"{PAGE}/{under_way.id}/add-item", data={"item": scarf.id}, follow_redirects=True
        )

        assert "Scarf" in page.text
        assert "Line 3 of 3" in page.text

    def test_so_is_a_batch_of_an_item_that_is_listed(self, client_for, lead, under_way, gloves):
        client = client_for(lead)
        link = f"{PAGE}/{under_way.id}/add-item?item={gloves.id}"
        assert link in client.get(f"{PAGE}/{under_way.id}/count?line={the_line(gloves).id}").text
        assert f'selected value="{gloves.id}"' in client.get(link).text

        page = client.post(
            link,
            data={"item": gloves.id, "lot_code": "L-7", "expires_on": "2026-01-31"},
            follow_redirects=True,
        )

        for said in ("L-7", "2026", "Expired", "Line 3 of 3"):
            assert said in page.text
        assert "L-7" in client.get(f"{PAGE}/{under_way.id}").text

    def test_and_what_nothing_is_written_on(self, client_for, lead, under_way, gloves):
        page = client_for(lead).post(
            f"{PAGE}/{under_way.id}/add-item", data={"item": gloves.id}, follow_redirects=True
        )

        assert "Only pieces that none of its other lines is about" in page.text

    @pytest.mark.parametrize(
        "wrong", [{"item": 10**30}, {"lot_code": "x" * 41}, {"expires_on": "31.1.2026"}]
    )
    def test_batches_nobody_has_are_refused(self, client_for, lead, under_way, gloves, wrong):
        page = client_for(lead).post(
            f"{PAGE}/{under_way.id}/add-item", data={"item": gloves.id, **wrong}
        )

        assert page.status_code == 422
        assert len(the_only_one().lines) == 2

    def test_a_line_of_another_sheet_is_not_found(self, client_for, lead, under_way):
        assert client_for(lead).get(f"{PAGE}/{under_way.id}/count?line=999").status_code == 404

    def test_a_place_is_counted_once_at_a_time(self, client_for, lead, under_way, place):
        page = client_for(lead).post(f"{PAGE}/new", data=filled(location=place.id))

        assert page.status_code == 422
        assert "under way already" in page.text
        assert under_way == the_only_one()


class TestFinishing:
    def test_a_difference_needs_a_reason(self, client_for, lead, under_way):
        client = client_for(lead)
        count(client, under_way, 9)
        count(client, under_way, 20)

        assert finish(client, under_way).status_code == 422
        assert "Waiting for approval" in finish(client, under_way, "Broken").text

    def test_without_one_it_is_done(self, client_for, lead, under_way):
        client = client_for(lead)
        count(client, under_way, 10)
        count(client, under_way, 20)

        page = finish(client, under_way)

        assert "Everything is as the books say." in page.text
        assert the_only_one().state is StockTakeState.POSTED

    def test_what_is_left_to_count_is_said(self, client_for, lead, under_way):
        page = finish(client_for(lead), under_way)

        assert "2 lines are not counted yet." in page.text
        assert the_only_one().state is StockTakeState.COUNTING


class TestDeciding:
    def test_an_approver_posts_it(self, client_for, waiting, approver, place, cups):
        hand_out(place, cups, 3)
        client = client_for(approver)
        assert "waits for your decision" in client.get(f"{PAGE}/{waiting.id}").text

        page = client.post(f"{PAGE}/{waiting.id}/approve", follow_redirects=True)

        assert "Approved and posted." in page.text
        assert level(place, cups) == (6, 0)
        document = client.get(f"/inventory/documents/{the_only_one().document_id}")
        assert "Gain and loss note 2026-0001" in document.text
        assert f'href="{PAGE}/{waiting.id}">Stock-take 2026-0001' in document.text
        assert "Gain and loss 2026-0001" in page.text
        assert "Loss" in document.text
        assert "Broken" in document.text

    def test_or_has_it_counted_again(self, client_for, waiting, approver, lead):
        client = client_for(approver)
        client.post(f"{PAGE}/{waiting.id}/refuse", data=filled(comment="Look below"))

        page = client_for(lead).get(f"{PAGE}/{waiting.id}")
        assert "Look below" in page.text
        assert the_only_one().state is StockTakeState.COUNTING
        assert client.get(f"{PAGE}/{waiting.id}/refuse").status_code == 409

    def test_a_second_decision_is_told(self, client_for, waiting, approver):
        client = client_for(approver)
        client.post(f"{PAGE}/{waiting.id}/approve")

        assert client.post(f"{PAGE}/{waiting.id}/approve").status_code == 409

    def test_counting_is_over_then(self, client_for, waiting, lead):
        client = client_for(lead)
        for way in ("count", "finish", "add-item"):
            assert client.get(f"{PAGE}/{waiting.id}/{way}").status_code == 409

    def test_it_is_given_up(self, client_for, waiting, lead, place, cups):
        page = client_for(lead).post(f"{PAGE}/{waiting.id}/cancel", follow_redirects=True)

        assert "Nothing was posted." in page.text
        assert level(place, cups) == (10, 0)


def test_strangers_get_a_404(client_for, under_way):
    far_away = OrganizationFactory()
    counter = client_for(UserFactory(role=Role.STOREKEEPER, organization=far_away))
    decider = client_for(UserFactory(role=Role.APPROVER, organization=far_away))
    for way in ("", "/count", "/finish", "/add-item"):
        assert counter.get(f"{PAGE}/{under_way.id}{way}").status_code == 404
    assert counter.post(f"{PAGE}/{under_way.id}/cancel").status_code == 404
    assert decider.post(f"{PAGE}/{under_way.id}/approve").status_code == 404
    assert decider.get(f"{PAGE}/{under_way.id}/refuse").status_code == 404


def test_the_list_narrows(client_for, waiting, approver):
    client = client_for(approver)
    assert "Bank Corner" in client.get(f"{PAGE}?state=waiting").text
    assert "No stock-take matches" in client.get(f"{PAGE}?state=posted").text
    stranger = UserFactory(role=Role.APPROVER, organization=OrganizationFactory())
    assert "No stock-take yet" in client_for(stranger).get(PAGE).text
    assert waiting.number == 1
