"""The quota grid: packages planned by unit and target group."""

import pytest
from sqlalchemy import select

from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns import services
from carecampaign.campaigns.models import Quota
from carecampaign.campaigns.queries import quotas, sum_quotas
from carecampaign.core.db import db
from tests.campaigns.plans import actor_of, complete, draft, planner_of, stored
from tests.factories import OrganizationFactory


@pytest.fixture
def campaign(app):
    """A draft with two units and two target groups."""
    return complete(draft(), units=2, groups=2)


@pytest.fixture
def cells(campaign):
    return [(unit.id, group.id) for unit in campaign.units for group in campaign.groups]


@pytest.fixture
def client(cells, campaign, client_for):
    return client_for(planner_of(campaign.organizer))


@pytest.fixture
def save(campaign, client):
    """Save the grid as a browser sends it: (unit id, group id) → what is typed."""

    def send(values, *, revision=None, **extra):
        typed = {f"planned-{unit}-{group}": text for (unit, group), text in values.items()}
        current = stored(campaign.id).revision if revision is None else revision
        return client.post(
            f"/campaigns/{campaign.id}/quotas", data={"revision": current, **typed, **extra}
        )

    return send


def now(campaign):
    db.session.rollback()
    return quotas(campaign)


def test_numbers_are_planned_changed_and_taken_away_in_one_form(campaign, cells, save):
    save(dict(zip(cells, ["10", "1,000", "", "０３"], strict=True)))
    assert now(campaign) == {cells[0]: 10, cells[1]: 1000, cells[3]: 3}

    answer = save(dict(zip(cells, ["10", "7", "5", "0"], strict=True)))

    assert answer.status_code == 302
    assert now(campaign) == {cells[0]: 10, cells[1]: 7, cells[2]: 5}


def test_the_page_shows_the_numbers_and_their_totals(campaign, cells, save, client):
    save(dict(zip(cells, ["1000", "200", "30", "4"], strict=True)))

    for page in ("", "/quotas"):
        text = client.get(f"/campaigns/{campaign.id}{page}").text
        for total in ("1,200", "34", "1,030", "204", "1,234"):
            assert f">{total}<" in text
    assert "1,234 of 100" in client.get(f"/campaigns/{campaign.id}/quotas").text


def test_totals_are_sums_of_the_cells():
    totals = sum_quotas({(1, 5): 10, (1, 6): 20, (2, 5): 3})

    assert totals.by_unit == {1: 30, 2: 3}
    assert totals.by_group == {5: 13, 6: 20}
    assert totals.total == 33


def test_one_number_fills_the_empty_cells_of_its_column(campaign, cells, save):
    group_id = cells[0][1]

    save(dict.fromkeys(cells, "") | {cells[0]: "7"}, **{f"planned-fill-{group_id}": "50"})

    assert now(campaign) == {cells[0]: 7, cells[2]: 50}


def test_cells_that_were_not_sent_stay_as_they_are(campaign, cells, save):
    save({cells[0]: "5", cells[1]: "6"})

    save({cells[0]: "8"})

    assert now(campaign) == {cells[0]: 8, cells[1]: 6}


@pytest.mark.parametrize(
    "text", ["-1", str(10**30), "10000001", "1.5", "many", "🧤", "1\0x", "²", "x" * 400]
)
def test_what_is_no_number_is_refused_at_its_cell_and_the_others_are_kept(
    campaign, cells, save, text
):
    answer = save({cells[0]: text, cells[1]: "42"})

    assert answer.status_code == 422
    unit, group = cells[0]
    assert f'id="planned-{unit}-{group}-errors"' in answer.text
    assert "Enter a whole number from 0 to 10,000,000." in answer.text
    assert 'value="42"' in answer.text
    assert now(campaign) == {}


def test_cells_of_strangers_are_not_looked_at(campaign, cells, save):
    stranger = OrganizationFactory()
    db.session.commit()

    answer = save({(stranger.id, cells[0][1]): "5", (10**30, 0): "5", cells[0]: "1"})

    assert answer.status_code == 302
    assert now(campaign) == {cells[0]: 1}


def test_no_quota_is_given_to_who_does_not_take_part(campaign, cells):
    by = actor_of(planner_of(campaign.organizer))
    for cell in ((99, cells[0][1]), (cells[0][0], 99)):
        with pytest.raises(services.NoSuchCell):
            services.set_quotas(campaign, {cell: 5}, by=by)


def test_an_older_grid_does_not_overwrite_a_newer_one(campaign, cells, save):
    save({cells[0]: "5"}, revision=0)

    answer = save({cells[0]: "9"}, revision=0)

    assert answer.status_code == 422
    assert "Somebody else has changed this plan" in answer.text
    assert now(campaign) == {cells[0]: 5}


def test_the_same_grid_sent_twice_is_saved_once(campaign, cells, save):
    answers = [save({cells[0]: "5"}, revision=0) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    entry = db.session.scalars(select(AuditEntry)).one()
    unit, group = campaign.units[0], campaign.groups[0]
    assert entry.changes == {"quotas": [f"{unit.name} · {group.name}: 0 → 5"]}


def test_without_units_or_groups_the_page_says_what_to_do_first(app, client_for):
    campaign = draft()
    client = client_for(planner_of(campaign.organizer))
    url = f"/campaigns/{campaign.id}/quotas"
    assert "add them first" in client.get(url).text

    campaign.units.append(campaign.organizer)
    db.session.commit()

    assert "add one first" in client.get(url).text
    assert client.post(url, data={"revision": "0"}).status_code == 302


def test_three_hundred_units_fit_on_one_grid(app, client_for):
    campaign = complete(draft(), units=300, groups=4)
    client = client_for(planner_of(campaign.organizer))
    cells = {
        f"planned-{unit.id}-{group.id}": "3"
        for unit in campaign.units
        for group in campaign.groups
    }

    answer = client.post(f"/campaigns/{campaign.id}/quotas", data={"revision": "0", **cells})

    assert answer.status_code == 302
    assert sum(now(campaign).values()) == 3600
    assert client.get(f"/campaigns/{campaign.id}/quotas").text.count('value="3"') == 1200
    assert db.session.scalars(select(Quota)).first().planned == 3
