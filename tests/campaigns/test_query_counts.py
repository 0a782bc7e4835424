"""Pages take a bounded number of queries, however long their lists are."""

import pytest

from carecampaign.campaigns.models import BudgetLine, CampaignGroupOccupation, CampaignItem
from carecampaign.core.db import db
from tests.campaigns.plans import complete, draft, planner_of
from tests.factories import (
    CampaignFactory,
    FundSourceFactory,
    ItemFactory,
    OccupationFactory,
    OrganizationFactory,
)


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def client(union, client_for):
    return client_for(planner_of(union))


def fill(campaign, number):
    """Plan so many of everything."""
    complete(campaign, units=number, groups=number)
    # Units, and unions still to choose from, that stand below different unions.
    for _number in range(number):
        street = OrganizationFactory(parent=campaign.organizer)
        campaign.units.append(OrganizationFactory(parent=street))
        OrganizationFactory(parent=street)
    for group in campaign.groups:
        db.session.add(
            CampaignGroupOccupation(
                campaign_id=campaign.id, group_id=group.id, occupation_id=OccupationFactory().id
            )
        )
    for _number in range(number):
        source = FundSourceFactory(
            organization=OrganizationFactory(parent=campaign.organizer.parent)
            if campaign.organizer.parent
            else campaign.organizer
        )
        campaign.budget_lines.append(
            BudgetLine(fund_source=source, purpose=source.name, amount=100)
        )
        campaign.items.append(CampaignItem(item=ItemFactory(), planned=5))
        campaign.co_organizers.append(OrganizationFactory())
    db.session.commit()
    return campaign


@pytest.mark.parametrize(
    "path",
    ["", "/quotas", "/units", "/units/add", "/co-organizers", "/goods", "/budget", "/groups/new"],
)
def test_the_pages_of_a_plan_take_as_many_queries_for_a_long_one(
    union, client, count_queries, path
):
    small, large = fill(draft(union), 1), fill(draft(union), 8)
    client.get("/campaigns")
    counts = []
    for campaign in (small, large):
        db.session.expire_all()
        with count_queries() as sent:
            assert client.get(f"/campaigns/{campaign.id}{path}").status_code == 200
        counts.append(len(sent))

    assert counts[0] == counts[1]
    assert counts[0] < 25


def test_the_list_takes_as_many_queries_for_many_campaigns(union, client, count_queries):
    counts = []
    for number in (1, 9):
        for _number in range(number):
            CampaignFactory(organizer=OrganizationFactory(parent=union))
        db.session.commit()
        db.session.expire_all()
        with count_queries() as sent:
            client.get("/campaigns")
        counts.append(len(sent))

    assert counts[0] == counts[1]
