"""Target groups: whom a campaign is for, by occupation."""

import pytest
from sqlalchemy import select

from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns.models import CampaignGroup, Quota
from carecampaign.campaigns.queries import group_of_occupation
from carecampaign.core.db import db
from tests.campaigns.plans import complete, draft, planner_of, stored
from tests.factories import CampaignGroupFactory, OccupationFactory


@pytest.fixture
def campaign(app):
    return draft()


@pytest.fixture
def couriers(campaign):
    return OccupationFactory(name="快递员", name_en="Courier")


@pytest.fixture
def client(campaign, couriers, client_for):
    return client_for(planner_of(campaign.organizer))


def typed(*occupations, **changes):
    ids = [getattr(one, "id", one) for one in occupations]
    return {"name": "户外劳动者", "name_en": "Outdoor workers", "occupation_ids": ids} | changes


def only_group():
    db.session.rollback()
    return db.session.scalars(select(CampaignGroup)).one()


def test_a_target_group_gathers_occupations(campaign, couriers, client):
    answer = client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(couriers))

    assert answer.status_code == 302
    group = only_group()
    assert (group.name, group.name_en, group.occupations) == (
        "户外劳动者",
        "Outdoor workers",
        [couriers],
    )
    assert group_of_occupation(campaign, couriers.id) is group
    assert group_of_occupation(campaign, 99) is None
    page = client.get(f"/campaigns/{campaign.id}").text
    assert "Outdoor workers" in page
    assert "Courier" in page


def test_a_target_group_changes_and_the_log_says_how(campaign, couriers, client):
    client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(couriers))
    url = f"/campaigns/{campaign.id}/groups/{only_group().id}/edit"
    assert "checked" in client.get(url).text

    client.post(url, data=typed(name="骑手"))

    assert (only_group().name, only_group().occupations) == ("骑手", [])
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.changes == {
        "group": "骑手",
        "name": ["户外劳动者", "骑手"],
        "occupations": [[couriers.name], []],
    }


def test_saving_a_group_as_it_is_leaves_no_entry(campaign, couriers, client):
    client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(couriers))

    client.post(f"/campaigns/{campaign.id}/groups/{only_group().id}/edit", data=typed(couriers))

    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


def test_an_occupation_counts_in_one_group_of_a_campaign(campaign, couriers, client):
    client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(couriers, name="第一组"))
    assert "counts in" in client.get(f"/campaigns/{campaign.id}/groups/new").text

    answer = client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(couriers, name="二"))

    assert answer.status_code == 422
    assert "快递员 already counts in the target group “第一组”." in answer.text
    only_group()


def test_the_same_occupation_may_count_in_another_campaign(campaign, couriers, client):
    other = draft(campaign.organizer)
    db.session.commit()

    for one in (campaign, other):
        client.post(f"/campaigns/{one.id}/groups/new", data=typed(couriers))

    db.session.rollback()
    assert len(db.session.scalars(select(CampaignGroup)).all()) == 2


def test_two_groups_of_a_campaign_have_two_names(campaign, couriers, client):
    client.post(f"/campaigns/{campaign.id}/groups/new", data=typed())

    answer = client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(couriers))

    assert answer.status_code == 422
    assert "already has a target group of this name" in answer.text


def test_renaming_a_group_to_anothers_name_is_refused(campaign, client):
    for name in ("一", "二"):
        client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(name=name))
    first, _second = stored(campaign.id).groups

    answer = client.post(f"/campaigns/{campaign.id}/groups/{first.id}/edit", data=typed(name="二"))

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "\0\0"}, "This field is required."),
        ({"name": "人" * 101}, "cannot be longer than 100"),
        ({"name_en": "x" * 101}, "cannot be longer than 100"),
        ({"occupation_ids": ["x"]}, "could not be coerced"),
        ({"occupation_ids": ["-1"]}, "could not be coerced"),
        ({"occupation_ids": ["99"]}, "not a valid choice"),
        ({"occupation_ids": [str(10**30)]}, "could not be coerced"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(campaign, client, changes, message):
    answer = client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(**changes))

    assert answer.status_code == 422
    assert message in answer.text
    assert stored(campaign.id).groups == []


def test_an_occupation_no_longer_used_stays_where_it_counts(campaign, couriers, client):
    client.post(f"/campaigns/{campaign.id}/groups/new", data=typed(couriers))
    couriers.is_active = False
    db.session.commit()

    url = f"/campaigns/{campaign.id}/groups/{only_group().id}/edit"
    assert "Courier" in client.get(url).text
    client.post(url, data=typed(couriers, name="骑手"))

    assert only_group().occupations == [couriers]


def test_a_group_leaves_with_its_quotas(campaign, client_for):
    complete(campaign, groups=2)
    leaving, staying = campaign.groups
    for group in campaign.groups:
        db.session.add(
            Quota(
                campaign_id=campaign.id,
                unit_id=campaign.units[0].id,
                group_id=group.id,
                planned=5,
            )
        )
    client = client_for(planner_of(campaign.organizer))

    client.post(f"/campaigns/{campaign.id}/groups/{leaving.id}/remove")

    assert stored(campaign.id).groups == [staying]
    assert [quota.group_id for quota in db.session.scalars(select(Quota))] == [staying.id]


def test_a_group_of_another_campaign_is_not_found(campaign, client_for):
    other = CampaignGroupFactory()
    client = client_for(planner_of(campaign.organizer))
    url = f"/campaigns/{campaign.id}/groups/{other.id}"

    assert client.get(f"{url}/edit").status_code == 404
    assert client.post(f"{url}/remove").status_code == 404
