"""An organisation and all below it, and nothing else."""

import pytest
from sqlalchemy import select

from carecampaign.access.actor import EVERYWHERE
from carecampaign.access.scope import covers, within
from carecampaign.core.db import db
from carecampaign.organizations.models import Organization
from tests.factories import OrganizationFactory


@pytest.fixture
def tree(app):
    """A root with two districts, one with a street below; ids such that 1 is a prefix of 1x."""
    root = OrganizationFactory(name="root")
    district = OrganizationFactory(name="district", parent=root)
    OrganizationFactory(name="street", parent=district)
    others = [OrganizationFactory(parent=root) for _number in range(20)]
    return {"root": root, "district": district, "other": others[-1]}


def names(prefixes):
    statement = select(Organization.name).where(within(Organization.path, prefixes))
    return set(db.session.scalars(statement))


def test_a_node_covers_itself_and_what_is_below(tree):
    assert names([tree["district"].path]) == {"district", "street"}


def test_several_nodes_add_up(tree):
    found = names([tree["district"].path, tree["other"].path])

    assert found == {"district", "street", tree["other"].name}


def test_everywhere_covers_everything(tree):
    assert len(names([EVERYWHERE, tree["district"].path])) == 23


def test_no_node_covers_nothing(tree):
    assert names([]) == set()


def test_a_path_is_taken_literally(tree):
    assert names(["%"]) == set()


@pytest.mark.parametrize(
    ("prefixes", "path", "is_covered"),
    [
        (["1/2/"], "1/2/", True),
        (["1/2/"], "1/2/3/", True),
        (["1/2/"], "1/20/", False),
        (["1/2/"], "1/", False),
        ([EVERYWHERE], "9/", True),
        ([], "1/", False),
    ],
)
def test_one_path_is_judged_as_the_query_judges_it(prefixes, path, is_covered):
    assert covers(prefixes, path) is is_covered
