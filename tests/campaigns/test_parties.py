"""Who takes part: units from the organiser's tree, and co-organisers from anywhere."""

import pytest
from sqlalchemy import select

from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns import services
from carecampaign.campaigns.models import Quota
from carecampaign.core.db import db
from carecampaign.organizations.models import OrganizationKind
from tests.campaigns.plans import actor_of, complete, draft, planner_of, stored
from tests.factories import OrganizationFactory


@pytest.fixture
def campaign(app):
    return draft(OrganizationFactory(name="District"))


@pytest.fixture
def client(campaign, client_for):
    return client_for(planner_of(campaign.organizer))


def names(organizations):
    return {organization.name for organization in organizations}


def add(client, campaign, *organizations, query="", **extra):
    ids = [getattr(one, "id", one) for one in organizations]
    return client.post(
        f"/campaigns/{campaign.id}/units/add{query}", data={"organization_ids": ids, **extra}
    )


def test_units_are_the_organizer_and_active_unions_below_it(campaign, client_for):
    inside = OrganizationFactory(parent=campaign.organizer, name="Street")
    OrganizationFactory(parent=inside, name="Works union")
    OrganizationFactory(parent=campaign.organizer, name="Gone", is_active=False)
    OrganizationFactory(parent=campaign.organizer, name="Bureau", kind=OrganizationKind.PARTNER)
    OrganizationFactory(name="Elsewhere")
    client = client_for(planner_of(campaign.organizer))

    page = client.get(f"/campaigns/{campaign.id}/units/add").text

    for name in ("District", "Street", "Works union"):
        assert f'form-check-label">{name}<' in page
    for name in ("Gone", "Bureau", "Elsewhere"):
        assert f'form-check-label">{name}<' not in page


def test_ticked_units_join_and_leave(campaign, client_for):
    units = [OrganizationFactory(parent=campaign.organizer) for _number in range(3)]
    client = client_for(planner_of(campaign.organizer))

    answer = add(client, campaign, *units, units[0])

    assert answer.headers["Location"] == f"/campaigns/{campaign.id}/units"
    assert names(stored(campaign.id).units) == names(units)
    assert "3 units take part now." in client.get(answer.headers["Location"]).text
    client.post(
        f"/campaigns/{campaign.id}/units/remove",
        data={"organization_ids": [units[0].id, units[1].id, 99]},
    )
    assert names(stored(campaign.id).units) == {units[2].name}
    actions = [entry.action for entry in db.session.scalars(select(AuditEntry))]
    assert actions == ["campaigns.add_units", "campaigns.remove_units"]


def test_three_hundred_units_join_at_one_press(campaign, client_for):
    street = OrganizationFactory(parent=campaign.organizer, name="Street")
    for _number in range(300):
        OrganizationFactory(parent=street)
    OrganizationFactory(parent=campaign.organizer, name="Other street")
    client = client_for(planner_of(campaign.organizer))
    query = f"?parent={street.id}"
    assert (
        "Add all 301 that match" in client.get(f"/campaigns/{campaign.id}/units/add{query}").text
    )

    add(client, campaign, query=query, everything="1")

    joined = names(stored(campaign.id).units)
    assert len(joined) == 301
    assert "Other street" not in joined


def test_units_are_found_by_name(campaign, client_for):
    OrganizationFactory(parent=campaign.organizer, name="East street")
    OrganizationFactory(parent=campaign.organizer, name="West street", short_name="WS")
    client = client_for(planner_of(campaign.organizer))
    url = f"/campaigns/{campaign.id}/units/add"

    assert "East street" in client.get(f"{url}?q=east").text
    assert "West street" not in client.get(f"{url}?q=east").text
    assert "West street" in client.get(f"{url}?q=ws").text
    assert "No union matches" in client.get(f"{url}?q=nowhere").text
    assert client.get(f"{url}?parent=x&q={'x' * 500}").status_code == 200


def test_when_all_take_part_the_page_says_so(campaign, client):
    add(client, campaign, everything="1")

    assert (
        "Every union takes part already" in client.get(f"/campaigns/{campaign.id}/units/add").text
    )


@pytest.mark.parametrize(
    "ids", [[], ["x"], ["-1"], [str(10**30)], ["99"], ["1\0"], range(1, 1200)]
)
def test_units_that_cannot_be_chosen_are_refused(campaign, client, ids):
    answer = add(client, campaign, *ids)

    assert answer.status_code == 422
    assert "field__errors" in answer.text
    assert stored(campaign.id).units == []


def test_a_unit_outside_the_organizers_tree_is_refused(campaign, client_for):
    outside = OrganizationFactory()
    client = client_for(planner_of(campaign.organizer))

    assert add(client, campaign, outside).status_code == 422
    with pytest.raises(services.NotToBeChosen):
        services.add_units(campaign, [outside], by=actor_of(planner_of(campaign.organizer)))


def test_a_unit_that_takes_part_already_cannot_join_again(campaign, client_for):
    campaign.units.append(campaign.organizer)
    client = client_for(planner_of(campaign.organizer))

    assert add(client, campaign, campaign.organizer).status_code == 422


def test_a_unit_that_leaves_loses_its_quotas(campaign, client_for):
    complete(campaign, units=2)
    leaving, staying = campaign.units
    for unit in campaign.units:
        db.session.add(
            Quota(
                campaign_id=campaign.id,
                unit_id=unit.id,
                group_id=campaign.groups[0].id,
                planned=5,
            )
        )
    client = client_for(planner_of(campaign.organizer))

    client.post(f"/campaigns/{campaign.id}/units/remove", data={"organization_ids": [leaving.id]})

    db.session.rollback()
    assert [quota.unit_id for quota in db.session.scalars(select(Quota))] == [staying.id]


def test_who_takes_part_is_found_by_name(campaign, client_for):
    url = f"/campaigns/{campaign.id}/units"
    client = client_for(planner_of(campaign.organizer))
    assert "No unit takes part yet" in client.get(url).text
    for name in ("East street", "West street"):
        campaign.units.append(OrganizationFactory(parent=campaign.organizer, name=name))
    db.session.commit()

    page = client.get(f"{url}?q=east").text
    assert "East street" in page
    assert "West street" not in page
    assert "Participating (2)" in page
    assert "No union matches" in client.get(f"{url}?q=nowhere").text


@pytest.mark.parametrize("ids", [[], ["x"], ["99"]])
def test_taking_out_nobody_changes_nothing(campaign, client_for, ids):
    complete(campaign)
    client = client_for(planner_of(campaign.organizer))

    answer = client.post(f"/campaigns/{campaign.id}/units/remove", data={"organization_ids": ids})

    assert answer.status_code == 302
    assert len(stored(campaign.id).units) == 1


def test_adding_nobody_changes_nothing(campaign):
    by = actor_of(planner_of(campaign.organizer))
    services.add_units(campaign, [], by=by)
    services.add_co_organizers(campaign, [], by=by)
    services.remove_co_organizer(campaign, 99, by=by)

    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_partner_body_is_named_as_co_organizer_and_taken_back(campaign, client_for):
    bureau = OrganizationFactory(name="区委宣传部", kind=OrganizationKind.PARTNER)
    client = client_for(planner_of(campaign.organizer))
    url = f"/campaigns/{campaign.id}/co-organizers"
    assert "区委宣传部" in client.get(f"{url}?q=宣传").text

    client.post(url, data={"organization_ids": [bureau.id]})

    assert names(stored(campaign.id).co_organizers) == {"区委宣传部"}
    assert "区委宣传部" in client.get(f"/campaigns/{campaign.id}").text
    client.post(f"{url}/remove", data={"organization_ids": [bureau.id]})
    assert stored(campaign.id).co_organizers == []


@pytest.mark.parametrize("ids", [[], ["x"], ["99"], [str(10**30)]])
def test_co_organizers_that_cannot_be_chosen_are_refused(campaign, client, ids):
    url = f"/campaigns/{campaign.id}/co-organizers"

    assert client.post(url, data={"organization_ids": ids}).status_code == 422


def test_the_organizer_is_not_its_own_co_organizer(campaign, client_for):
    client = client_for(planner_of(campaign.organizer))
    url = f"/campaigns/{campaign.id}/co-organizers"

    answer = client.post(url, data={"organization_ids": [campaign.organizer_id]})

    assert answer.status_code == 422
    assert "No organization matches" in answer.text
