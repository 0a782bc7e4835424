"""Which earmarked money and goods a campaign may use."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns.queries import use_of
from carecampaign.core.db import db
from carecampaign.funds.models import EarmarkUse
from carecampaign.funds.queries import list_earmarks_allowed_for
from tests.campaigns.plans import draft
from tests.factories import EarmarkFactory, FundSourceFactory, UserFactory


@pytest.fixture
def campaign(app):
    return draft()


@pytest.fixture
def earmark(campaign):
    source = FundSourceFactory(organization=campaign.organizer)
    return EarmarkFactory(fund_source=source, name="Warm hats")


@pytest.fixture
def client(client_for, campaign, earmark):
    return client_for(UserFactory(role=Role.FINANCE, organization=campaign.organizer))


def allowed(campaign):
    db.session.rollback()
    return [earmark.name for earmark in list_earmarks_allowed_for(use_of(campaign))]


def test_finance_allows_an_earmark_on_a_ground(client, campaign, earmark):
    address = f"/campaigns/{campaign.id}/earmarks"
    assert "Warm hats" in client.get(address).text

    client.post(address, data={"earmarks": [earmark.id], "ground": "Agreement 7"})

    assert allowed(campaign) == ["Warm hats"]
    assert db.session.query(EarmarkUse).one().ground == "Agreement 7"
    assert "checked" in client.get(address).text
    assert "Allowed earmarks" in client.get(f"/campaigns/{campaign.id}").text


def test_without_a_ground_nothing_is_allowed(client, campaign, earmark):
    answer = client.post(f"/campaigns/{campaign.id}/earmarks", data={"earmarks": [earmark.id]})

    assert answer.status_code == 422
    assert "on what ground" in answer.text
    assert allowed(campaign) == []


def test_what_is_no_longer_ticked_is_no_longer_allowed(client, campaign, earmark):
    address = f"/campaigns/{campaign.id}/earmarks"
    client.post(address, data={"earmarks": [earmark.id], "ground": "Agreement 7"})
    client.post(address, data={"earmarks": [earmark.id]})  # nothing new needs no ground
    assert allowed(campaign) == ["Warm hats"]

    client.post(address, data={"ground": ""})

    assert allowed(campaign) == []
    actions = [row.action for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions == ["funds.allow_earmark", "funds.forbid_earmark"]


def test_only_restricted_earmarks_of_ones_own_sources_are_offered(client, campaign, earmark):
    wish = EarmarkFactory(fund_source=earmark.fund_source, is_restricted=False, name="A wish")
    stranger = EarmarkFactory(name="Of a stranger")
    db.session.commit()
    address = f"/campaigns/{campaign.id}/earmarks"

    page = client.get(address).text
    assert "A wish" not in page
    assert "Of a stranger" not in page
    answer = client.post(address, data={"earmarks": [wish.id, stranger.id], "ground": "Mine"})
    assert answer.status_code == 422


def test_a_campaign_without_earmarks_says_where_they_come_from(client_for, campaign):
    finance = client_for(UserFactory(role=Role.FINANCE, organization=campaign.organizer))

    page = finance.get(f"/campaigns/{campaign.id}/earmarks")

    assert "No restricted earmark to allow" in page.text


def test_a_planner_allows_nothing(client_for, campaign):
    planner = client_for(UserFactory(role=Role.PLANNER, organization=campaign.organizer))

    assert planner.get(f"/campaigns/{campaign.id}/earmarks").status_code == 403
