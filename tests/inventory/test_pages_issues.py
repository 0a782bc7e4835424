"""The page of goods-issue notes, and what a goods-received note says beyond quantities."""

import pytest

from tests.factories import FundSourceFactory
from tests.inventory.pages import filled, keeper
from tests.inventory.stock import level, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def stocked(warehouse, gloves):
    receive(warehouse, gloves, 10)
    return warehouse


@pytest.fixture
def client(client_for, union, stocked):
    """The keeper of a warehouse with ten pairs of gloves."""
    assert stocked.organization == union
    return client_for(keeper(union))


class TestIssuing:
    WORDS = {"counterpart": "A school", "receiver": "Li Lei", "purpose": "Open day"}  # noqa: RUF012

    def test_a_keeper_issues_goods(self, client, warehouse, gloves):
        assert warehouse.name in client.get("/inventory/issue").text
        url = f"/inventory/issue?location={warehouse.id}"
        assert "Receiving unit or person" in client.get(url).text

        page = client.post(
            url,
            data=filled(**self.WORDS, **{f"item-{gloves.id}-quantity": 4}),
            follow_redirects=True,
        )

        assert "Goods-issue note 2026-0001" in page.text
        for words in self.WORDS.values():
            assert words in page.text
        assert level(warehouse, gloves) == (6, 0)

    def test_who_gets_it_and_what_for_has_to_be_said(self, client, warehouse, gloves):

        page = client.post(
            f"/inventory/issue?location={warehouse.id}",
            data=filled(**{f"item-{gloves.id}-quantity": 4}),
        )

        assert page.status_code == 422
        assert level(warehouse, gloves) == (10, 0)

    def test_nothing_there_says_so(self, client_for, union, station):
        page = client_for(keeper(union)).get(f"/inventory/issue?location={station.id}")

        assert "What is not in stock cannot be issued." in page.text


class TestInspection:
    @pytest.fixture
    def fund(self, union):
        return FundSourceFactory(organization=union)

    @pytest.fixture
    def send(self, fund, client, warehouse, gloves):

        def send(**values):
            return client.post(
                "/inventory/receive",
                data=filled(
                    **{
                        "target": warehouse.id,
                        "origin": "bought",
                        "counterpart": "Some shop",
                        "fund_source": fund.id,
                        "dated_on": "2026-11-20",
                        "lines-0-item": gloves.id,
                        "lines-0-quantity": 98,
                        "lines-0-unit_value": "6",
                        **values,
                    }
                ),
                follow_redirects=True,
            )

        return send

    def test_what_differs_from_the_order_is_noted_with_its_reason(self, send):
        page = send(
            **{
                "lines-0-ordered": 100,
                "lines-0-difference_reason": "Two torn",
                "inspection": "with_differences",
                "inspected_by": "Wang",
                "delivered_by": "Zhao",
            }
        )

        assert "-2 Two torn" in page.text
        assert "Accepted, with the differences noted" in page.text
        assert "Wang" in page.text
        assert "Zhao" in page.text

    def test_a_difference_needs_a_reason(self, send):
        page = send(**{"lines-0-ordered": 100})

        assert page.status_code == 422
        assert "Say why not as many came as were ordered." in page.text

    def test_what_differs_has_not_simply_passed(self, send):
        page = send(
            **{
                "lines-0-ordered": 100,
                "lines-0-difference_reason": "Two torn",
                "inspection": "passed",
            }
        )

        assert page.status_code == 422

    def test_as_ordered_it_passes(self, send):
        assert "Passed" in send(**{"lines-0-ordered": 98, "inspection": "passed"}).text
