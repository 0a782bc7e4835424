"""Rules are dated data: added, changed, switched and ended by planners, and kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.audit.words import changes, sentence
from carecampaign.campaigns import services
from carecampaign.campaigns.models import (
    Basis,
    CampaignItem,
    CampaignState,
    EntitlementRule,
    RuleKind,
    Span,
)
from carecampaign.campaigns.queries import get_rule_to_plan, rules_in_force
from carecampaign.campaigns.rules import in_words
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from tests.campaigns.plans import actor_of, planner_of
from tests.factories import (
    CampaignFactory,
    CampaignGroupFactory,
    FundSourceFactory,
    ItemFactory,
    OrganizationFactory,
    UserFactory,
)


@pytest.fixture
def campaign(app):
    return CampaignFactory()


@pytest.fixture
def planner(campaign):
    return planner_of(campaign.organizer)


@pytest.fixture
def client(planner, client_for):
    return client_for(planner)


def page_of(campaign, *more):
    return "/".join([f"/campaigns/{campaign.id}/entitlement", *map(str, more)])


def only_rule():
    db.session.rollback()
    return db.session.scalars(select(EntitlementRule)).one()


def words(rule):
    with in_language_of("en"):
        return in_words(rule)


def typed(**changes):
    return {"starts_on": "2020-01-01", "ends_on": "", "ground": "Plan 12", **changes}


def test_a_limit_on_how_often_is_added_and_shown(campaign, client):
    assert "everybody is served once" in client.get(page_of(campaign)).text
    form = typed(most="2", basis="household", span="campaign", item_id="", for_all="")
    assert "Holds for" in client.get(page_of(campaign, "times")).text

    answer = client.post(page_of(campaign, "times"), data=form)

    assert answer.status_code == 302
    rule = only_rule()
    assert (rule.campaign_id, rule.most, rule.basis) == (campaign.id, 2, Basis.HOUSEHOLD)
    page = client.get(page_of(campaign)).text
    assert "At most 2 handouts a household in one campaign" in page
    assert "everybody is served once" not in page


def test_a_cap_on_an_amount_for_all_campaigns_of_the_organizer(campaign, client):
    source = FundSourceFactory(organization=campaign.organizer, name="Own budget")
    db.session.commit()
    form = typed(
        most_amount="3000.50", basis="person", span="year", fund_source_id=source.id, for_all="1"
    )

    client.post(page_of(campaign, "amount"), data=form)

    rule = only_rule()
    assert (rule.campaign_id, rule.most) == (None, 300_050)
    assert words(rule) == "At most ¥3,000.50 a person in a calendar year, from “Own budget”"
    below = CampaignFactory(organizer=OrganizationFactory(parent=campaign.organizer))
    beside = CampaignFactory()
    assert list(rules_in_force(below.id, date(2026, 12, 1))) == [rule]
    assert list(rules_in_force(beside.id, date(2026, 12, 1))) == []


def test_rules_on_who_may_receive(campaign, client):
    group = CampaignGroupFactory(campaign=campaign, name_en="Couriers")
    item = ItemFactory(name="Gloves")
    db.session.add(CampaignItem(campaign_id=campaign.id, item_id=item.id, planned=1))
    db.session.commit()
    organizer = campaign.organizer

    client.post(page_of(campaign, "groups"), data=typed(group_ids=[group.id], item_id=item.id))
    client.post(page_of(campaign, "units"), data=typed(unit_ids=[organizer.id], item_id=""))
    client.post(page_of(campaign, "roster"), data=typed(item_id=""))

    db.session.rollback()
    rules = db.session.scalars(select(EntitlementRule).order_by(EntitlementRule.id))
    assert [words(rule) for rule in rules] == [
        "Only for Couriers, for “Gloves”",
        f"Only for people kept by {organizer.short_name}",
        "Only for people on the locked roster of the campaign",
    ]


@pytest.mark.parametrize(
    ("kind", "form", "message"),
    [
        ("times", {"most": "0"}, "Number must be"),
        ("times", {"most": "²"}, "Not a valid integer"),
        ("amount", {"most_amount": "0"}, "Enter an amount above zero."),
        ("amount", {"most_amount": "a lot"}, "Enter an amount in yuan"),
        ("amount", {"most_amount": "5", "fund_source_id": "99"}, "Not a valid choice"),
        ("groups", {"group_ids": []}, "Choose at least one."),
        ("units", {"unit_ids": []}, "Choose at least one."),
        ("roster", {"ends_on": "2019-12-31"}, "The last day lies before the first."),
    ],
)
def test_what_is_no_rule_is_told_beside_the_field(campaign, client, kind, form, message):
    given = {"basis": "person", "span": "campaign", "item_id": "", "fund_source_id": "", **form}

    answer = client.post(page_of(campaign, kind), data=typed(**given))

    assert answer.status_code == 422
    assert message in answer.text


def test_a_rule_is_changed_switched_and_ended_and_the_log_says_how(campaign, client, planner):
    client.post(
        page_of(campaign, "amount"),
        data=typed(most_amount="3000", basis="person", span="event", fund_source_id=""),
    )
    rule_id = only_rule().id
    form = client.get(page_of(campaign, rule_id)).text
    assert 'value="3000.00"' in form
    assert "Holds for" not in form

    client.post(
        page_of(campaign, rule_id),
        data=typed(most_amount="2500", basis="person", span="event", fund_source_id=""),
    )
    client.post(page_of(campaign, rule_id, "off"))
    assert list(rules_in_force(campaign.id, clock.today())) == []
    client.post(page_of(campaign, rule_id, "off"))
    client.post(page_of(campaign, rule_id, "on"))
    client.post(page_of(campaign, rule_id, "end"))

    assert only_rule().ends_on == clock.today()
    entries = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "entitlement_rule")
        .order_by(AuditEntry.id)
    ).all()
    with in_language_of("en"):
        assert sentence(entries[0]) == f"Added an entitlement rule: {campaign.name}"
        assert "Kind: Up to what amount" in changes(entries[0])
        assert changes(entries[1]) == ["Upper limit: ¥3,000.00 → ¥2,500.00"]
        assert [changes(entry) for entry in entries[2:4]] == [
            ["Switched on: Yes → No"],
            ["Switched on: No → Yes"],
        ]
    assert len(entries) == 5
    assert "¥2,500.00" in client.get(page_of(campaign, rule_id)).text


def test_a_rule_that_has_ended_stays_as_it_was(campaign, client, planner):
    yesterday = clock.today() - timedelta(days=1)
    terms = services.Terms(starts_on=yesterday, ends_on=yesterday, most=1, span=Span.CAMPAIGN)
    rule = services.add_rule(campaign, RuleKind.TIMES, terms, by=actor_of(planner))
    db.session.commit()

    assert "Ended" in client.get(page_of(campaign)).text
    assert "This rule ended on" in client.get(page_of(campaign, rule.id)).text
    assert client.post(page_of(campaign, rule.id, "on")).status_code == 409
    answer = client.post(
        page_of(campaign, rule.id),
        data=typed(most="1", basis="person", span="campaign", item_id=""),
    )
    assert answer.status_code == 422


def test_the_example_of_caps_is_offered_once_and_added_switched_off(campaign, client):
    assert "3,000 yuan at a time" in client.get(page_of(campaign)).text

    client.post(page_of(campaign, "example-caps"))

    rules = db.session.scalars(select(EntitlementRule)).all()
    assert {(rule.span, rule.most, rule.is_on) for rule in rules} == {
        (Span.EVENT, 300_000, False),
        (Span.YEAR, 600_000, False),
    }
    page = client.get(page_of(campaign)).text
    assert "3,000 yuan at a time" not in page
    assert "Switched off" in page


def test_a_rule_keeps_naming_what_is_no_longer_offered(campaign, client, planner):
    gone = services.Terms(
        starts_on=date(2026, 12, 1),
        most=1,
        item=ItemFactory(name="Old tea"),
    )
    left = services.Terms(starts_on=date(2026, 12, 1), units=[OrganizationFactory(name="Left")])
    first = services.add_rule(campaign, RuleKind.TIMES, gone, by=actor_of(planner))
    second = services.add_rule(campaign, RuleKind.UNITS, left, by=actor_of(planner))
    db.session.commit()

    assert "Old tea" in client.get(page_of(campaign, first.id)).text
    assert "Left" in client.get(page_of(campaign, second.id)).text


def test_who_only_looks_changes_nothing_and_a_stranger_sees_nothing(campaign, client_for, client):
    client.post(page_of(campaign, "roster"), data=typed(item_id=""))
    rule_id = only_rule().id
    auditor = client_for(UserFactory(role=Role.AUDITOR, organization=campaign.organizer))
    stranger = client_for(planner_of(OrganizationFactory()))

    page = auditor.get(page_of(campaign))
    assert "locked roster" in page.text
    assert "Add a rule" not in page.text
    assert auditor.post(page_of(campaign, rule_id, "off")).status_code == 403
    assert stranger.get(page_of(campaign)).status_code == 404
    assert stranger.get(page_of(campaign, "times")).status_code == 404
    assert stranger.post(page_of(campaign, rule_id, "off")).status_code == 404


def test_a_unit_sees_a_rule_from_above_and_does_not_change_it(campaign, planner, client_for):
    terms = services.Terms(starts_on=date(2026, 12, 1), most=1)
    rule = services.add_rule(campaign, RuleKind.TIMES, terms, for_all=True, by=actor_of(planner))
    below = CampaignFactory(organizer=OrganizationFactory(parent=campaign.organizer))
    theirs = client_for(planner_of(below.organizer))

    page = theirs.get(page_of(below)).text
    assert "At most 1 handout a person" in page
    assert "Switch off" not in page
    assert theirs.get(page_of(below, rule.id)).status_code == 404
    assert "holds for all campaigns" in client_for(planner).get(page_of(below, rule.id)).text
    found = get_rule_to_plan(actor_of(planner), below, rule.id)
    assert found is rule


def test_a_group_that_a_rule_names_stays_in_the_draft(campaign, client, planner):
    group = CampaignGroupFactory(campaign=campaign)
    terms = services.Terms(starts_on=date(2026, 12, 1), groups=[group])
    services.add_rule(campaign, RuleKind.GROUPS, terms, by=actor_of(planner))
    campaign.state = CampaignState.DRAFT
    db.session.commit()

    answer = client.post(f"/campaigns/{campaign.id}/groups/{group.id}/remove")

    assert answer.status_code == 409
    assert "change the rule first" in answer.text


def test_the_page_takes_few_queries(campaign, client, planner, count_queries):
    for number in range(5):
        group = CampaignGroupFactory(campaign=campaign)
        terms = services.Terms(starts_on=date(2026, 12, 1 + number), groups=[group])
        services.add_rule(campaign, RuleKind.GROUPS, terms, by=actor_of(planner))
    db.session.commit()

    with count_queries() as sent:
        client.get(page_of(campaign))

    assert len(sent) <= 12
