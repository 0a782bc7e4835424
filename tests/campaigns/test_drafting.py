"""Planners draft a campaign and change it while it is a draft."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns.models import Campaign, CampaignState, Season
from carecampaign.campaigns.services import propose_year
from carecampaign.core.db import db
from carecampaign.core.forms import new_command_id
from tests.campaigns.plans import approver_of, draft, planner_of, stored
from tests.factories import OrganizationFactory


@pytest.fixture
def union(app):
    return OrganizationFactory(name="District union")


@pytest.fixture
def client(union, client_for):
    return client_for(planner_of(union))


def typed(organizer=None, **changes):
    """What a planner types into the form of a new campaign."""
    values = {
        "command_id": new_command_id(),
        "name": "Winter care 2027",
        "season": "winter",
        "starts_on": "2026-11-01",
        "ends_on": "2027-02-28",
        "year": "",
        "standard_per_head": "",
        "target_as_worded": "",
        "background": "",
    }
    if organizer is not None:
        values["organizer_id"] = str(organizer.id)
    return values | changes


def count_campaigns():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Campaign))


@pytest.mark.parametrize(
    ("starts_on", "year"),
    [(date(2026, 12, 1), 2027), (date(2026, 10, 1), 2027), (date(2027, 1, 5), 2027)],
)
def test_the_year_proposed_is_that_of_the_spring_festival_ahead(starts_on, year):
    assert propose_year(starts_on) == year


def test_the_form_proposes_the_year(union, client_for):
    with time_machine.travel("2026-11-24T08:00:00Z"):
        client = client_for(planner_of(union))
        assert 'value="2027"' in client.get("/campaigns/new").text


def test_a_planner_drafts_a_campaign(client, union):
    background = "First paragraph.\r\n\r\nSecond 🧤 paragraph."
    answer = client.post(
        "/campaigns/new",
        data=typed(
            union,
            standard_per_head="１２８.５",
            target_as_worded="千余名 couriers",
            background=background,
        ),
    )

    campaign = db.session.scalars(select(Campaign)).one()
    assert answer.headers["Location"] == f"/campaigns/{campaign.id}"
    assert (campaign.state, campaign.season) == (CampaignState.DRAFT, Season.WINTER)
    assert campaign.year == 2027
    assert campaign.standard_per_head == 12850
    assert campaign.background == "First paragraph.\n\nSecond 🧤 paragraph."
    assert campaign.drafted_by.name.startswith("User")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.organization_path) == ("campaigns.create", union.path)
    page = client.get(f"/campaigns/{campaign.id}").text
    assert "Second 🧤 paragraph." in page
    assert "Add at least one target group." in page


def test_the_same_form_sent_twice_drafts_one_campaign(client, union):
    form = typed(union)

    answers = [client.post("/campaigns/new", data=form) for _time in range(3)]

    assert {answer.headers["Location"] for answer in answers} == {
        f"/campaigns/{db.session.scalars(select(Campaign.id)).one()}"
    }


def test_only_organizers_of_ones_own_can_be_chosen(client, union):
    stranger = OrganizationFactory()

    answer = client.post("/campaigns/new", data=typed(stranger))

    assert answer.status_code == 422
    assert "Not a valid choice" in answer.text
    assert count_campaigns() == 0


HOSTILE = [
    ({"name": ""}, "This field is required."),
    ({"name": "   "}, "This field is required."),
    ({"name": "x" * 101}, "cannot be longer than 100"),
    ({"background": "x" * 5001}, "cannot be longer than 5000"),
    ({"target_as_worded": "x" * 201}, "cannot be longer than 200"),
    ({"season": "monsoon"}, "Not a valid choice"),
    ({"season": ""}, "This field is required."),
    ({"starts_on": "soon"}, "Not a valid date value"),
    ({"starts_on": "2026-02-30"}, "Not a valid date value"),
    ({"starts_on": "0001-01-01"}, "Enter a day from 2000 to 2100."),
    ({"ends_on": "9999-12-31"}, "Enter a day from 2000 to 2100."),
    ({"ends_on": "2026-10-31"}, "The last day lies before the first."),
    ({"year": "-1"}, "Number must be between 2000 and 2100"),
    ({"year": str(10**30)}, "Number must be between 2000 and 2100"),
    ({"year": "9" * 5000}, "Not a valid integer value"),
    ({"year": "🐉"}, "Not a valid integer value"),
    ({"standard_per_head": "-1"}, "Enter an amount in yuan"),
    ({"standard_per_head": str(10**30)}, "Enter an amount in yuan"),
    ({"standard_per_head": "1.234"}, "Enter an amount in yuan"),
]


@pytest.mark.parametrize(("changes", "message"), HOSTILE)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    client, union, changes, message
):
    organizer_id = str(union.id)
    values = {"target_as_worded": "Kept as typed", **typed(), "organizer_id": organizer_id}
    answer = client.post("/campaigns/new", data={**values, **changes})

    assert answer.status_code == 422
    assert message in answer.text
    assert f'{next(iter(changes))}-errors"' in answer.text
    assert count_campaigns() == 0


@pytest.mark.parametrize(("changes", "message"), HOSTILE)
def test_the_same_is_refused_when_editing(client_for, union, changes, message):
    campaign = draft(union, name="Before")
    client = client_for(planner_of(union))

    answer = client.post(f"/campaigns/{campaign.id}/edit", data=typed(revision="0") | changes)

    assert answer.status_code == 422
    assert message in answer.text
    assert stored(campaign.id).name == "Before"


@pytest.mark.parametrize("organizer", ["", "x", "-1", str(10**30), "99"])
def test_an_organizer_that_is_none_is_refused(client, organizer):
    answer = client.post("/campaigns/new", data=typed(organizer_id=organizer))

    assert answer.status_code == 422


@pytest.mark.parametrize("command_id", ["", "x", "1" * 500])
def test_a_command_id_that_is_none_is_refused(client, union, command_id):
    answer = client.post("/campaigns/new", data=typed(union, command_id=command_id))

    assert answer.status_code == 422
    assert count_campaigns() == 0


def test_control_characters_do_not_reach_the_database(client, union):
    client.post(
        "/campaigns/new",
        data=typed(union, name="Win\0ter\x0b care", background="a\0b\x1bc\r\nd"),
    )

    campaign = db.session.scalars(select(Campaign)).one()
    assert campaign.name == "Win ter care"
    assert campaign.background == "a b c\nd"


def test_a_planner_edits_a_draft_and_the_log_says_what_changed(client_for, union):
    campaign = draft(union, name="Before", year=2027)
    client = client_for(planner_of(union))
    assert 'value="Before"' in client.get(f"/campaigns/{campaign.id}/edit").text

    answer = client.post(
        f"/campaigns/{campaign.id}/edit",
        data=typed(name="After", year="2028", revision="0"),
    )

    assert answer.status_code == 302
    changed = stored(campaign.id)
    assert (changed.name, changed.year, changed.revision) == ("After", 2028, 1)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.changes == {"name": ["Before", "After"], "year": [2027, 2028]}


def test_saving_what_is_there_already_changes_nothing(client_for, union):
    campaign = draft(union, name="Winter care 2027")
    client = client_for(planner_of(union))

    answer = client.post(f"/campaigns/{campaign.id}/edit", data=typed(revision="0"))

    assert answer.status_code == 302
    assert stored(campaign.id).revision == 0
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_who_saves_an_older_plan_is_told_and_may_save_over_it(client_for, union):
    campaign = draft(union, name="Before")
    client = client_for(planner_of(union))
    client.post(f"/campaigns/{campaign.id}/edit", data=typed(name="Theirs", revision="0"))

    refused = client.post(f"/campaigns/{campaign.id}/edit", data=typed(name="Mine", revision="0"))

    assert refused.status_code == 422
    assert "Somebody else has changed this plan" in refused.text
    assert 'value="Mine"' in refused.text
    assert 'name="revision" type="hidden" value="1"' in refused.text
    assert stored(campaign.id).name == "Theirs"
    client.post(f"/campaigns/{campaign.id}/edit", data=typed(name="Mine", revision="1"))
    assert stored(campaign.id).name == "Mine"


@pytest.mark.parametrize("revision", ["", "x", "-1", str(10**30), "²"])
def test_a_revision_that_is_none_counts_as_an_old_one(client_for, union, revision):
    campaign = draft(union, name="Before")
    client = client_for(planner_of(union))

    answer = client.post(f"/campaigns/{campaign.id}/edit", data=typed(revision=revision))

    assert answer.status_code == 422
    assert stored(campaign.id).name == "Before"


PLAN_PAGES = [
    "edit",
    "units",
    "units/add",
    "co-organizers",
    "groups/new",
    "goods",
    "quotas",
    "budget",
]


@pytest.mark.parametrize("path", PLAN_PAGES)
@pytest.mark.parametrize(
    "state",
    [
        CampaignState.SUBMITTED,
        CampaignState.APPROVED,
        CampaignState.ACTIVE,
        CampaignState.CLOSED,
    ],
)
def test_only_a_draft_can_be_changed(client_for, union, path, state):
    campaign = draft(union, state=state)
    client = client_for(planner_of(union))

    answer = client.get(f"/campaigns/{campaign.id}/{path}")

    assert answer.status_code == 409
    assert "no longer a draft" in answer.text


@pytest.mark.parametrize("path", PLAN_PAGES)
def test_nobody_else_changes_a_draft(client_for, union, path):
    campaign = draft(union)
    stranger = planner_of(OrganizationFactory())
    below = planner_of(OrganizationFactory(parent=union))

    for user in (stranger, below):
        assert client_for(user).get(f"/campaigns/{campaign.id}/{path}").status_code == 404
    assert (
        client_for(approver_of(union)).get(f"/campaigns/{campaign.id}/{path}").status_code == 403
    )
