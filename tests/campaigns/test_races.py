"""Two people at once: one wins, the other is told, and nothing is half done."""

import threading

import pytest
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns import services
from carecampaign.campaigns.models import Campaign, CampaignState, RosterLock
from carecampaign.campaigns.queries import get_campaign_to_plan
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import Conflict
from carecampaign.organizations.models import Organization
from tests.campaigns.plans import (
    actor_of,
    approver_of,
    complete,
    draft,
    planner_of,
    stored,
    submitted,
)
from tests.factories import CampaignFactory, OrganizationFactory, PersonFactory

TIMES = 8


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def at_once(app):
    """Do all of these at once, each in a transaction of its own; give what became of each."""

    def run(*actions):
        db.session.commit()
        db.session.remove()
        barrier = threading.Barrier(len(actions))
        outcomes = [None] * len(actions)

        def act(number, action):
            with app.app_context():
                barrier.wait()
                try:
                    with transaction():
                        action()
                except Conflict as conflict:
                    outcomes[number] = type(conflict)
                finally:
                    db.session.remove()

        threads = [
            threading.Thread(target=act, args=(number, action))
            for number, action in enumerate(actions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    return run


def count_entries(action):
    db.session.rollback()
    return db.session.scalar(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    )


def test_a_plan_approved_by_many_at_once_is_approved_once(union, at_once):
    campaign_id = submitted(union).id
    approvers = [actor_of(approver_of(union)) for _number in range(TIMES)]

    def approve(by):
        return lambda: services.approve_campaign(db.session.get_one(Campaign, campaign_id), by=by)

    outcomes = at_once(*(approve(by) for by in approvers))

    assert sorted(outcomes, key=str) == [services.MovedOn] * (TIMES - 1) + [None]
    winner = approvers[outcomes.index(None)]
    assert stored(campaign_id).approved_by_id == winner.id
    assert count_entries("campaigns.approve") == 1


def test_approving_and_returning_at_once_ends_in_one_of_the_two(union, at_once):
    campaign_id = submitted(union).id
    first, second = actor_of(approver_of(union)), actor_of(approver_of(union))

    outcomes = at_once(
        lambda: services.approve_campaign(db.session.get_one(Campaign, campaign_id), by=first),
        lambda: services.return_campaign(
            db.session.get_one(Campaign, campaign_id), comment="No", by=second
        ),
    )

    assert sorted(outcomes, key=str) == [services.MovedOn, None]
    expected = CampaignState.APPROVED if outcomes[0] is None else CampaignState.DRAFT
    assert stored(campaign_id).state is expected


def test_a_change_to_a_plan_that_is_being_submitted_is_in_it_or_refused(union, at_once):
    campaign_id = complete(draft(union)).id
    planner = actor_of(planner_of(union))

    def rename():
        campaign = get_campaign_to_plan(planner, campaign_id)
        facts = services.Facts(
            name="Changed",
            season=campaign.season,
            year=campaign.year,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
        )
        services.edit_campaign(campaign, facts, by=planner)

    def submit():
        services.submit_campaign(get_campaign_to_plan(planner, campaign_id), by=planner)

    outcomes = at_once(rename, submit)

    assert outcomes[0] in {None, services.NotADraft}
    assert outcomes[1] is None
    assert (stored(campaign_id).name == "Changed") == (outcomes[0] is None)


def test_of_many_who_save_the_same_revision_one_is_heard(union, at_once):
    campaign = complete(draft(union))
    campaign_id = campaign.id
    cell = (campaign.units[0].id, campaign.groups[0].id)
    planner = actor_of(planner_of(union))

    def save(planned):
        return lambda: services.set_quotas(
            get_campaign_to_plan(planner, campaign_id), {cell: planned}, by=planner, revision=0
        )

    outcomes = at_once(*(save(number) for number in range(1, TIMES + 1)))

    assert sorted(outcomes, key=str) == [services.ChangedMeanwhile] * (TIMES - 1) + [None]
    assert count_entries("campaigns.set_quotas") == 1


@pytest.mark.parametrize("_time", range(3))
def test_a_roster_locked_while_somebody_is_put_on_it_stays_as_it_was_locked(union, at_once, _time):
    campaign = CampaignFactory(organizer=union, units=[union])
    persons = [PersonFactory(organization=union).id for _one in range(2)]
    services.add_to_roster(campaign, union, persons[:1], by=SYSTEM)
    mine = campaign.id

    outcomes = at_once(
        lambda: services.lock_roster(db.session.get_one(Campaign, mine), by=SYSTEM),
        lambda: services.add_to_roster(
            db.session.get_one(Campaign, mine), stored_union(union.id), persons[1:], by=SYSTEM
        ),
    )

    assert outcomes[0] is None
    assert outcomes[1] in {None, services.RosterIsLocked}
    lock = db.session.scalars(select(RosterLock)).one()
    assert lock.persons == (2 if outcomes[1] is None else 1)
    assert lock.digest == services.digest_of_roster(stored(mine))


def stored_union(union_id):
    return db.session.get_one(Organization, union_id)
