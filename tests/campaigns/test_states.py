"""Drafted, submitted, approved or returned, started, closed: who may do which, and once."""

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns import services
from carecampaign.campaigns.models import CampaignState
from carecampaign.campaigns.queries import Gap, list_gaps
from carecampaign.core.db import db, transaction
from tests.campaigns.plans import (
    actor_of,
    approver_of,
    complete,
    draft,
    planner_of,
    stored,
    submitted,
)
from tests.factories import ItemFactory, OrganizationFactory, UserFactory


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def planner(union):
    return planner_of(union)


@pytest.fixture
def approver(union):
    return approver_of(union)


def test_a_plan_goes_its_way_and_the_page_tells_how(union, planner, approver, client_for):
    campaign = complete(draft(union, drafted_by=planner))
    url = f"/campaigns/{campaign.id}"
    assert "The plan is complete" in client_for(planner).get(url).text

    client_for(planner).post(f"{url}/submit")
    assert "waits for your decision" in client_for(approver).get(url).text
    client_for(approver).post(f"{url}/approve")
    assert "Start the campaign" in client_for(planner).get(url).text
    client_for(planner).post(f"{url}/start")
    with transaction():
        services.close_campaign(stored(campaign.id), by=actor_of(planner))

    closed = stored(campaign.id)
    assert closed.state is CampaignState.CLOSED
    assert (closed.submitted_by_id, closed.approved_by_id) == (planner.id, approver.id)
    assert closed.submitted_at < closed.approved_at
    actions = [entry.action.partition(".")[2] for entry in db.session.scalars(select(AuditEntry))]
    assert actions == ["submit", "approve", "start", "close"]
    page = client_for(planner).get(url).text
    for words in ("Submitted for approval", approver.name, "Started"):
        assert words in page


def test_a_plan_is_returned_with_a_comment_changed_and_submitted_again(
    union, planner, approver, client_for
):
    campaign = submitted(union, drafted_by=planner)
    url = f"/campaigns/{campaign.id}"
    assert client_for(approver).get(f"{url}/return").status_code == 200

    client_for(approver).post(f"{url}/return", data={"comment": "Too few gloves.\r\nAdd some."})

    returned = stored(campaign.id)
    assert (returned.state, returned.returned_comment) == (
        CampaignState.DRAFT,
        "Too few gloves.\nAdd some.",
    )
    assert client_for(planner).get(url).text.count("Too few gloves.") == 3
    client_for(planner).post(f"{url}/submit")
    assert stored(campaign.id).returned_comment == ""
    assert "Too few gloves." in client_for(planner).get(url).text


@pytest.mark.parametrize(
    ("comment", "message"),
    [("", "This field is required."), ("\0 ", "This field is required."), ("x" * 1001, "longer")],
)
def test_returning_takes_a_comment(union, approver, client_for, comment, message):
    campaign = submitted(union)

    answer = client_for(approver).post(
        f"/campaigns/{campaign.id}/return", data={"comment": comment}
    )

    assert answer.status_code == 422
    assert message in answer.text
    assert stored(campaign.id).state is CampaignState.SUBMITTED


def test_what_is_missing_is_said_in_words(union, planner, client_for):
    campaign = draft(union)
    client = client_for(planner)

    client.post(f"/campaigns/{campaign.id}/submit")

    page = client.get(f"/campaigns/{campaign.id}").text
    for words in (
        "Add the participating units",
        "Add at least one target group.",
        "Choose the care package or the single items",
    ):
        assert page.count(words) == 2
    refused = stored(campaign.id)
    assert (refused.state, refused.revision) == (CampaignState.DRAFT, 0)
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_single_items_do_instead_of_a_package(union):
    campaign = complete(draft(union))
    campaign.package_version = None
    campaign.planned_packages = 0
    assert list_gaps(campaign) == [Gap.GOODS]

    line = services.PlannedItem(item=ItemFactory(), planned=5)
    by = actor_of(planner_of(union))
    services.set_goods(campaign, version=None, planned_packages=0, items=[line], by=by)

    assert list_gaps(campaign) == []


def test_a_package_is_planned_in_some_number(union):
    campaign = complete(draft(union))
    campaign.planned_packages = 0

    assert list_gaps(campaign) == [Gap.PACKAGES]


@pytest.mark.parametrize("prepared_as", ["drafted_by_id", "submitted_by_id"])
def test_whoever_prepared_a_plan_does_not_decide_on_it(union, client_for, prepared_as):
    both = UserFactory(
        grants=[
            RoleGrant(role=Role.PLANNER, organization=union),
            RoleGrant(role=Role.APPROVER, organization=union),
        ]
    )
    campaign = submitted(union, **{prepared_as: both.id})
    client = client_for(both)
    url = f"/campaigns/{campaign.id}"
    page = client.get(url).text
    assert "somebody else has to decide" in page
    assert "waits for your decision" not in page

    client.post(f"{url}/approve")
    assert "You prepared this plan" in client.get(url).text
    answer = client.post(f"{url}/return", data={"comment": "No"})

    assert answer.status_code == 422
    assert stored(campaign.id).state is CampaignState.SUBMITTED


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        ("submit", Role.PLANNER),
        ("start", Role.PLANNER),
        ("approve", Role.APPROVER),
        ("return", Role.APPROVER),
    ],
)
def test_strangers_take_no_step(union, client_for, verb, role):
    campaign = submitted(union)
    url = f"/campaigns/{campaign.id}/{verb}"
    stranger = UserFactory(role=role, organization=OrganizationFactory())
    auditor = UserFactory(role=Role.AUDITOR, organization=union)

    assert client_for(stranger).post(url, data={"comment": "No"}).status_code == 404
    assert client_for(auditor).post(url, data={"comment": "No"}).status_code == 403
    assert stored(campaign.id).state is CampaignState.SUBMITTED


STEPS = {
    "submit": (Role.PLANNER, CampaignState.DRAFT),
    "approve": (Role.APPROVER, CampaignState.SUBMITTED),
    "return": (Role.APPROVER, CampaignState.SUBMITTED),
    "start": (Role.PLANNER, CampaignState.APPROVED),
}


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        (verb, state)
        for verb, (_role, own_state) in STEPS.items()
        for state in CampaignState
        if state is not own_state
    ],
)
def test_a_step_starts_from_its_own_state_only(union, client_for, verb, state):
    role, _own_state = STEPS[verb]
    campaign = complete(draft(union))
    campaign.state = state
    client = client_for(UserFactory(role=role, organization=union))

    answer = client.post(f"/campaigns/{campaign.id}/{verb}", data={"comment": "No"})

    assert answer.status_code == 409
    assert "somebody else was faster" in answer.text
    assert stored(campaign.id).state is state


def test_only_a_campaign_under_way_is_closed(union):
    campaign = submitted(union)
    with pytest.raises(services.MovedOn):
        services.close_campaign(campaign, by=actor_of(planner_of(union)))
