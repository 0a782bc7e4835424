"""Fund sources: whose they are, who may draw on them, and who looks after them."""

import pytest
from sqlalchemy import func, select

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.forms import new_command_id
from carecampaign.funds.models import FundKind, FundSource
from carecampaign.funds.queries import get_fund_source_for, list_fund_sources_for
from tests.campaigns.plans import actor_of
from tests.factories import FundSourceFactory, OrganizationFactory, UserFactory


@pytest.fixture
def tree(app):
    """A city, a district in it, a street in that, and a district beside; each with a source."""
    city = OrganizationFactory(name="City")
    district = OrganizationFactory(name="District", parent=city)
    street = OrganizationFactory(name="Street", parent=district)
    beside = OrganizationFactory(name="Beside", parent=city)
    tree = {"city": city, "district": district, "street": street, "beside": beside}
    for name, organization in tree.items():
        FundSourceFactory(organization=organization, name=f"Fund of {name}")
    return tree


@pytest.fixture
def finance(tree):
    return UserFactory(role=Role.FINANCE, organization=tree["district"])


@pytest.fixture
def client(finance, client_for):
    return client_for(finance)


def source_of(organization):
    return db.session.scalars(
        select(FundSource).where(FundSource.organization_id == organization.id)
    ).one()


def typed(organization=None, **changes):
    values = {"command_id": new_command_id(), "name": "New fund", "kind": "donation"}
    if organization is not None:
        values["organization_id"] = organization.id
    return values | changes


def count_sources():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(FundSource))


def test_an_organization_draws_on_its_own_sources_and_those_above(tree):
    names = [source.name for source in list_fund_sources_for(tree["district"])]

    assert names == ["Fund of city", "Fund of district"]


def test_a_person_draws_on_the_sources_of_their_part_of_the_tree_and_those_above(tree, finance):
    names = [source.name for source in list_fund_sources_for(actor_of(finance))]

    assert names == ["Fund of city", "Fund of district", "Fund of street"]


def test_retired_sources_are_offered_only_where_a_row_carries_them(tree):
    retired = source_of(tree["district"])
    retired.is_active = False

    assert retired not in list_fund_sources_for(tree["district"])
    assert retired in list_fund_sources_for(tree["district"], also=[retired.id])


def test_a_source_beside_ones_part_of_the_tree_is_not_found(tree, finance):
    actor = actor_of(finance)

    assert get_fund_source_for(actor, source_of(tree["city"]).id).name == "Fund of city"
    with pytest.raises(NotFound):
        get_fund_source_for(actor, source_of(tree["beside"]).id)


def test_the_list_shows_what_is_in_reach_and_can_be_narrowed(client, tree):
    page = client.get("/funds").text
    assert "Fund of city" in page
    assert "Fund of beside" not in page
    assert page.count("/edit") == 2

    assert "Fund of city" not in client.get("/funds?q=street").text
    assert "Fund of district" in client.get("/funds?kind=own_budget&state=active").text
    assert "No fund source matches" in client.get("/funds?state=retired").text
    assert client.get(f"/funds?kind=x&state=x&q={'x' * 500}").status_code == 200


def test_an_empty_list_says_what_sources_are_for(app, client_for):
    organization = OrganizationFactory()
    finance = client_for(UserFactory(role=Role.FINANCE, organization=organization))
    planner = client_for(UserFactory(role=Role.PLANNER, organization=organization))

    assert "New fund source" in finance.get("/funds").text
    assert "No fund source yet" in planner.get("/funds").text
    assert "New fund source" not in planner.get("/funds").text


def test_finance_opens_a_source(client, tree):
    answer = client.post("/funds/new", data=typed(tree["street"], name=" 送温暖\0 资金🧧 "))

    assert answer.status_code == 302
    source = db.session.scalars(select(FundSource).where(FundSource.kind == "donation")).one()
    assert (source.name, source.organization) == ("送温暖 资金🧧", tree["street"])
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.organization_path) == ("funds.create", tree["street"].path)


def test_the_same_form_sent_twice_opens_one_source(client, tree):
    form = typed(tree["district"])
    before = count_sources()

    for _time in range(3):
        assert client.post("/funds/new", data=form).status_code == 302

    assert count_sources() == before + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "\0"}, "This field is required."),
        ({"name": "x" * 101}, "cannot be longer than 100"),
        ({"name": "Fund of district"}, "already has a fund source of this name"),
        ({"kind": "loan"}, "Not a valid choice"),
        ({"kind": ""}, "This field is required."),
        ({"organization_id": "99"}, "Not a valid choice"),
        ({"organization_id": str(10**30)}, "could not coerce"),
        ({"organization_id": "-1"}, "could not coerce"),
        ({"command_id": "x"}, "Invalid UUID"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, tree, changes, message):
    before = count_sources()

    answer = client.post("/funds/new", data=typed(tree["district"]) | changes)

    assert answer.status_code == 422
    assert message in answer.text
    assert count_sources() == before


def test_no_source_is_opened_for_a_stranger(client, tree):
    for name in ("city", "beside"):
        assert client.post("/funds/new", data=typed(tree[name])).status_code == 422


def test_a_source_is_renamed_and_the_log_says_how(client, tree):
    source = source_of(tree["district"])
    url = f"/funds/{source.id}/edit"
    assert 'value="Fund of district"' in client.get(url).text

    for _time in range(2):
        assert client.post(url, data=typed(name="Renamed")).status_code == 302

    db.session.rollback()
    assert (source.name, source.kind) == ("Renamed", FundKind.DONATION)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.changes == {
        "name": ["Fund of district", "Renamed"],
        "kind": ["own_budget", "donation"],
    }


def test_a_source_does_not_take_anothers_name(client, tree):
    FundSourceFactory(organization=tree["district"], name="Taken")
    db.session.commit()

    answer = client.post(f"/funds/{source_of(tree['street']).id}/edit", data=typed(name="Taken"))
    assert answer.status_code == 302
    other = db.session.scalars(
        select(FundSource).where(FundSource.name == "Fund of district")
    ).one()
    answer = client.post(f"/funds/{other.id}/edit", data=typed(name="Taken"))
    assert answer.status_code == 422
    assert "already has a fund source of this name" in answer.text


def test_a_source_is_retired_and_used_again(client, tree):
    source = source_of(tree["district"])

    for verb, is_active in (("deactivate", False), ("deactivate", False), ("reactivate", True)):
        client.post(f"/funds/{source.id}/{verb}")
        db.session.rollback()
        assert source.is_active is is_active
        assert ("Retired" in client.get("/funds?state=retired").text) is not is_active or is_active

    actions = [entry.action for entry in db.session.scalars(select(AuditEntry))]
    assert actions == ["funds.deactivate", "funds.reactivate"]


@pytest.mark.parametrize("verb", ["edit", "deactivate", "reactivate"])
def test_nobody_changes_sources_above_or_beside(client, client_for, tree, verb):
    for name in ("city", "beside"):
        source = source_of(tree[name])
        assert client.post(f"/funds/{source.id}/{verb}", data=typed()).status_code == 404
    planner = UserFactory(role=Role.PLANNER, organization=tree["city"])
    source = source_of(tree["city"])
    assert client_for(planner).post(f"/funds/{source.id}/{verb}").status_code == 403


def test_the_list_takes_as_many_queries_for_many_sources(client, tree, count_queries):
    counts = []
    for number in (1, 9):
        for _number in range(number):
            FundSourceFactory(organization=OrganizationFactory(parent=tree["district"]))
        db.session.commit()
        db.session.expire_all()
        with count_queries() as sent:
            client.get("/funds")
        counts.append(len(sent))

    assert counts[0] == counts[1]
