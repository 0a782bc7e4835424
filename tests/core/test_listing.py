"""A list comes in pages; a page that is not there is the last."""

import pytest
from sqlalchemy import select

from carecampaign.beneficiaries.models import Occupation
from carecampaign.core.codes import propose_code
from carecampaign.core.listing import paginate
from tests.factories import OccupationFactory

ALL = select(Occupation).order_by(Occupation.code)


@pytest.mark.parametrize(
    ("page", "first", "number", "has_prev", "has_next"),
    [(1, "A0", 1, False, True), (2, "A2", 2, True, True), (99, "A4", 3, True, False)],
)
def test_a_page_of_a_list(app, page, first, number, has_prev, has_next):
    for count in range(5):
        OccupationFactory(code=f"A{count}")

    result = paginate(ALL, page=page, size=2)

    assert result.items[0].code == first
    assert (result.number, result.pages, result.total) == (number, 3, 5)
    assert (result.has_prev, result.has_next) == (has_prev, has_next)


def test_an_empty_list_has_one_empty_page(app):
    result = paginate(ALL, page=-1, size=2)

    assert (result.items, result.number, result.pages, result.total) == ([], 1, 1, 0)


def test_a_proposed_code_is_free(app):
    assert propose_code(Occupation.code, "A") == "A0001"
    OccupationFactory(code="A0001")
    OccupationFactory(code="A0003")

    assert propose_code(Occupation.code, "A") == "A0004"
