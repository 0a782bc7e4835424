"""What was given for a purpose: who writes it down, and who sees it."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.core.forms import new_command_id
from carecampaign.funds.models import Earmark
from carecampaign.funds.queries import list_earmarks_for
from tests.factories import EarmarkFactory, FundSourceFactory, OrganizationFactory, UserFactory


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def source(union):
    return FundSourceFactory(organization=union, name="Donations")


@pytest.fixture
def client(client_for, source):
    return client_for(UserFactory(role=Role.FINANCE, organization=source.organization))


def typed(**changes):
    values = {
        "command_id": new_command_id(),
        "name": "Warm hats",
        "purpose": "For couriers, says the donor",
        "is_restricted": "y",
        "is_active": "y",
    }
    return values | changes


def earmarks():
    db.session.rollback()
    return db.session.query(Earmark).order_by(Earmark.id).populate_existing().all()


def test_finance_writes_down_what_was_given_for_what(client, source):
    form = typed()
    address = f"/funds/{source.id}/earmarks/new"

    page = client.post(address, data=form, follow_redirects=True)
    client.post(address, data=form)  # sent twice

    [earmark] = earmarks()
    assert (earmark.name, earmark.is_restricted, earmark.is_active) == ("Warm hats", True, True)
    assert "For couriers, says the donor" in page.text
    assert "Not allowed for any campaign yet" in page.text
    assert db.session.query(AuditEntry).filter_by(action="funds.create_earmark").count() == 1


@pytest.mark.parametrize("field", ["name", "purpose"])
def test_an_earmark_needs_a_name_and_a_purpose(client, source, field):
    answer = client.post(f"/funds/{source.id}/earmarks/new", data=typed(**{field: " "}))

    assert answer.status_code == 422
    assert earmarks() == []


def test_a_source_has_each_earmark_once(client, source):
    EarmarkFactory(fund_source=source, name="Warm hats")
    other = EarmarkFactory(fund_source=source, name="Other")
    EarmarkFactory(name="Other")
    db.session.commit()

    for address in (f"/funds/{source.id}/earmarks/new", f"/funds/earmarks/{other.id}/edit"):
        answer = client.post(address, data=typed())
        assert answer.status_code == 422
        assert "already has an earmark of this name" in answer.text
    assert [earmark.name for earmark in earmarks()] == ["Warm hats", "Other", "Other"]


def test_an_earmark_is_changed_and_retired(client, source):
    earmark = EarmarkFactory(fund_source=source)
    db.session.commit()
    changed = typed(name="Hats", purpose="For anybody")
    del changed["is_restricted"], changed["is_active"]

    page = client.post(f"/funds/earmarks/{earmark.id}/edit", data=changed, follow_redirects=True)

    [after] = earmarks()
    assert (after.name, after.is_restricted, after.is_active) == ("Hats", False, False)
    assert "A wish, no restriction" in page.text
    assert "Retired" in page.text
    assert list_earmarks_for(source.organization) == []
    assert "Changed the earmark" in client.get(f"/funds/earmarks/{earmark.id}/edit").text


def test_an_edit_that_changes_nothing_leaves_no_entry(client, source):
    earmark = EarmarkFactory(fund_source=source)
    db.session.commit()

    client.post(
        f"/funds/earmarks/{earmark.id}/edit",
        data=typed(name=earmark.name, purpose=earmark.purpose),
    )

    assert db.session.query(AuditEntry).filter_by(action="funds.edit_earmark").count() == 0


def test_others_look_and_strangers_do_not(client_for, client, source):
    theirs = EarmarkFactory()
    ours = EarmarkFactory(fund_source=source)
    db.session.commit()
    planner = client_for(UserFactory(role=Role.PLANNER, organization=source.organization))

    page = planner.get(f"/funds/{source.id}/earmarks")
    assert ours.name in page.text
    assert "New earmark" not in page.text
    assert planner.get(f"/funds/{source.id}/earmarks/new").status_code == 403
    assert client.get(f"/funds/{theirs.fund_source_id}/earmarks").status_code == 404
    assert client.get(f"/funds/earmarks/{theirs.id}/edit").status_code == 404
