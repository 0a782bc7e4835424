"""Who may receive is judged by rules: refused before the fact, an exception after it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
import uuid_utils.compat as uuid_utils
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import (
    Basis,
    CampaignGroupOccupation,
    ConsentMeans,
    LegalBasis,
    RosterEntry,
    RosterLock,
    RuleKind,
    Span,
)
from carecampaign.campaigns.queries import consents_of
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import (
    ExceptionReason,
    HandoutException,
    Outcome,
    ServedHousehold,
)
from carecampaign.distributions.services import Refusal
from carecampaign.distributions.services.verification import households_served_are_in_the_log
from carecampaign.distributions.views.words import say_why, tell
from carecampaign.inventory.models import LotShare
from carecampaign.reports.queries.named import named_by_unit
from carecampaign.reports.queries.progress import campaign_totals
from tests.distributions.scene import VALUE, actor, carry, receive, staff
from tests.factories import (
    CampaignFactory,
    CampaignGroupFactory,
    EventFactory,
    FundSourceFactory,
    ItemFactory,
    OccupationFactory,
    OrganizationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.usefixtures("adds_up")

LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def person(scene):
    """A courier known by name."""
    return courier(scene)


def courier(scene, **facts):
    """Somebody whose occupation counts in the group of the couriers."""
    occupation = OccupationFactory()
    db.session.add(
        CampaignGroupOccupation(
            group_id=scene.couriers.id, occupation_id=occupation.id, campaign_id=scene.campaign.id
        )
    )
    facts.setdefault("organization", scene.campaign.organizer)
    return PersonFactory(occupation=occupation, **facts)


def rule(scene, kind=RuleKind.TIMES, *, for_all=False, is_on=True, **terms):
    """A rule of the campaign that has held for long, unless told otherwise."""
    terms = {"starts_on": LONG_AGO, **terms}
    return campaigns.add_rule(
        scene.campaign, kind, campaigns.Terms(**terms), for_all=for_all, is_on=is_on, by=SYSTEM
    )


def elsewhere(scene, packages=5):
    """Another event of the campaign that holds packages."""
    event = scene.another_event()
    receive(scene.warehouse, scene.package, packages)
    carry(scene.warehouse, event, scene.package, packages)
    return event


def in_words(logged, scene, tap):
    with in_language_of("en"):
        return tell(logged, queries.get_occasion(scene.event.id, tap), tap)


def is_logged(logged) -> bool:
    return logged.outcome == Outcome.CREATED


def test_a_limit_counts_over_the_events_of_a_campaign_and_says_what_was_given(scene, person):
    broken = rule(scene, most=2)
    assert is_logged(scene.log(person_id=person.id))
    with time_machine.travel(datetime(2026, 12, 13, 2, tzinfo=UTC)):
        assert is_logged(scene.log(person_id=person.id, event=elsewhere(scene)))
    tap = scene.tap(person_id=person.id)

    logged = services.log_handout(scene.event, tap, by=SYSTEM)

    assert (logged.outcome, logged.reasons) == (Outcome.REFUSED, (Refusal.NOT_ENTITLED,))
    assert (logged.broken[0].rule, logged.broken[0].had) == (broken, 2)
    assert in_words(logged, scene, tap) == (
        "At most 2 handouts a person in one campaign: already had 2 of 2, last on Dec 13, 2026."
        " If it was given all the same, tap “Already handed over”."
    )
    assert scene.log(person_id=person.id, head_count=0).handout, "a further item is no service"
    assert is_logged(scene.log(person_id=courier(scene).id)), "nobody else is meant"


def test_a_refusal_heard_again_is_told_without_what_was_read_then(scene, person):
    rule(scene, most=1)
    scene.log(person_id=person.id)
    tap = scene.tap(person_id=person.id)
    services.log_handout(scene.event, tap, by=SYSTEM)

    again = services.log_handout(scene.event, tap, by=SYSTEM)

    assert "not entitled by the rules" in in_words(again, scene, tap)


@pytest.mark.parametrize(
    ("terms", "may"),
    [
        ({}, False),
        ({"is_on": False}, True),
        ({"starts_on": date(2099, 1, 1)}, True),
        ({"ends_on": date(2021, 1, 1)}, True),
        ({"ends_on": date(2099, 1, 1)}, False),
    ],
)
def test_a_rule_holds_while_it_is_on_and_between_its_days(scene, person, terms, may):
    rule(scene, RuleKind.UNITS, units=[OrganizationFactory()], **terms)

    assert is_logged(scene.log(person_id=person.id)) is may


def test_the_first_and_the_last_day_are_local_ones(scene):
    day = date(2026, 12, 5)
    rule(scene, RuleKind.UNITS, units=[OrganizationFactory()], starts_on=day, ends_on=day)
    may = []
    for instant in ("04T15:59", "04T16:01", "05T15:59", "05T16:01"):
        with time_machine.travel(f"2026-12-{instant}+00:00"):
            may.append(is_logged(scene.log(person_id=courier(scene).id)))

    assert may == [True, False, False, True]


def test_without_a_rule_on_how_often_everybody_is_served_once(scene, person):
    rule(scene, RuleKind.AMOUNT, most=10**9)
    gloves = ItemFactory()
    receive(scene.warehouse, gloves, 5)
    carry(scene.warehouse, scene.event, gloves, 5)
    rule(scene, most=2, item=gloves)
    scene.log(person_id=person.id)

    assert scene.log(person_id=person.id).reasons == (Refusal.SERVED_BEFORE,)
    assert is_logged(scene.log(person_id=person.id, item_id=gloves.id, quantity=2))


def test_what_another_union_gave_the_same_person_counts_and_only_the_day_is_told(scene, person):
    person.phone = "13800138000"
    unit = OrganizationFactory(parent=scene.campaign.organizer)
    same = courier(scene, organization=unit, phone="13800138000")
    event = scene.another_event(unit=unit, held_on=date(2026, 12, 13))
    scene.log(person_id=same.id, event=event, already_given=True)

    logged = scene.log(person_id=person.id)

    assert logged.reasons == (Refusal.SERVED_BEFORE,)
    assert (logged.broken[0].had, logged.broken[0].last_on) == (1, date(2026, 12, 13))
    assert is_logged(scene.log(person_id=person.id, head_count=0)), "a further item is none"
    two = rule(scene, most=2)
    assert is_logged(scene.log(person_id=person.id))
    assert scene.log(person_id=person.id).broken[0][:3] == (Refusal.NOT_ENTITLED, two, 2)


def test_a_limit_on_one_item_counts_its_pieces_further_items_too(scene, person):
    gloves = ItemFactory(name="Gloves")
    receive(scene.warehouse, gloves, 9)
    carry(scene.warehouse, scene.event, gloves, 9)
    rule(scene, most=3, item=gloves)
    scene.log(person_id=person.id)
    give = {"person_id": person.id, "item_id": gloves.id, "head_count": 0}

    assert is_logged(scene.log(**give, quantity=2))
    tap = scene.tap(**give, quantity=2)
    logged = services.log_handout(scene.event, tap, by=SYSTEM)

    assert "At most 3 of “Gloves” a person in one campaign: already had 2 of 3" in in_words(
        logged, scene, tap
    )
    assert is_logged(scene.log(**give, quantity=1))


@pytest.mark.parametrize(("span", "may"), [(Span.EVENT, True), (Span.CAMPAIGN, False)])
def test_a_limit_adds_up_over_its_span(scene, person, span, may):
    rule(scene, most=1, span=span)
    other = elsewhere(scene)
    scene.log(person_id=person.id)

    assert is_logged(scene.log(person_id=person.id, event=other)) is may
    assert not is_logged(scene.log(person_id=person.id))


def test_a_yearly_cap_adds_up_over_campaigns_and_begins_anew_with_the_local_year(scene, person):
    rule(scene, RuleKind.AMOUNT, most=2 * VALUE + 1, span=Span.YEAR, for_all=True)
    rule(scene, most=99, for_all=True)
    other = CampaignFactory(
        organizer=scene.campaign.organizer, package_version=scene.campaign.package_version
    )
    group = CampaignGroupFactory(campaign=other)
    event = EventFactory(campaign=other)
    receive(scene.warehouse, scene.package, 5)
    carry(scene.warehouse, event, scene.package, 5)
    here = {"person_id": person.id}
    there = {"person_id": person.id, "event": event, "group_id": group.id}

    with time_machine.travel("2026-12-31T15:00:00+00:00"):
        assert is_logged(scene.log(**here))
        assert is_logged(scene.log(**there))
        assert not is_logged(scene.log(**there))
    with time_machine.travel("2026-12-31T16:30:00+00:00"):
        assert is_logged(scene.log(**there)), "by the clock of the wall it is the first of January"
        late = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
        logged = scene.log(**here, happened_at=late, already_given=True)
    assert logged.reasons == (ExceptionReason.NOT_ENTITLED,)


def test_a_cap_on_a_fund_source_counts_what_that_source_paid(scene, person):
    rule(scene, most=99)
    share = db.session.scalars(select(LotShare)).one()
    other = FundSourceFactory()
    share.value = 3000
    db.session.add(LotShare(lot_id=share.lot_id, fund_source_id=other.id, value=2000))
    rule(scene, RuleKind.AMOUNT, most=6000, fund_source=share.fund_source)

    assert is_logged(scene.log(person_id=person.id, quantity=2)), "6,000 of the 10,000 fen"
    assert not is_logged(scene.log(person_id=person.id))
    assert is_logged(scene.log(person_id=person.id, event=elsewhere(scene))), "another source paid"


def test_what_is_not_on_the_books_weighs_too(scene, person):
    rule(scene, most=99)
    rule(scene, RuleKind.AMOUNT, most=11 * VALUE)

    over = scene.log(person_id=person.id, quantity=12, already_given=True)

    assert over.reasons == (ExceptionReason.OVER_STOCK, ExceptionReason.NOT_ENTITLED)


def test_amounts_are_exact_to_the_fen(scene, person):
    rule(scene, most=99)
    cap = rule(scene, RuleKind.AMOUNT, most=2 * VALUE)
    assert is_logged(scene.log(person_id=person.id, quantity=2))

    other = courier(scene)
    campaigns.edit_rule(cap, campaigns.Terms(starts_on=LONG_AGO, most=2 * VALUE - 1), by=SYSTEM)
    tap = scene.tap(person_id=other.id, quantity=2)
    logged = services.log_handout(scene.event, tap, by=SYSTEM)

    assert in_words(logged, scene, tap).startswith(
        "At most ¥99.99 a person in one campaign: this would be ¥100.00."
    )
    assert is_logged(scene.log(person_id=other.id))
    with in_language_of("en"):
        (why,) = map(say_why, scene.log(person_id=other.id).broken)
    assert "already had ¥50.00 of ¥99.99" in why
    assert why.endswith("This would be ¥50.00 more.")


def test_only_the_groups_named_are_let_in(scene, person):
    gloves = ItemFactory()
    receive(scene.warehouse, gloves, 5)
    carry(scene.warehouse, scene.event, gloves, 5)
    rule(scene, RuleKind.GROUPS, groups=[scene.riders], item=gloves)

    tap = scene.tap(person_id=person.id, item_id=gloves.id)
    refused = services.log_handout(scene.event, tap, by=SYSTEM)
    assert in_words(refused, scene, tap).startswith(
        f"Not entitled. Only for Riders, for “{gloves.name}”."
    )
    assert is_logged(scene.log(person_id=person.id)), "the rule is about the gloves"
    of_no_group = PersonFactory(organization=scene.campaign.organizer)
    said = {"person_id": of_no_group.id, "item_id": gloves.id}
    assert is_logged(scene.log(**said, group_id=scene.riders.id))


def test_only_people_of_the_units_named_and_below_are_let_in(scene):
    unit = OrganizationFactory(parent=scene.campaign.organizer)
    below = OrganizationFactory(parent=unit)
    rule(scene, RuleKind.UNITS, units=[unit])

    assert is_logged(scene.log(person_id=courier(scene, organization=unit).id))
    assert is_logged(scene.log(person_id=courier(scene, organization=below).id))
    assert not is_logged(scene.log(person_id=courier(scene).id))


def test_only_people_on_the_locked_roster_are_let_in(scene, person):
    rule(scene, RuleKind.ROSTER)
    unit_id = scene.campaign.organizer_id
    db.session.add(
        RosterEntry(campaign_id=scene.campaign.id, unit_id=unit_id, person_id=person.id)
    )
    assert not is_logged(scene.log(person_id=person.id))

    db.session.add(
        RosterLock(campaign_id=scene.campaign.id, persons=1, households=0, figures={}, digest="x")
    )

    assert is_logged(scene.log(person_id=person.id))
    assert not is_logged(scene.log(person_id=courier(scene).id))


def test_a_rule_from_above_holds_below_it_and_nowhere_else(scene, person):
    union = scene.campaign.organizer
    union.parent = OrganizationFactory()
    union.path = f"{union.parent.path}{union.id}/"
    nobody = campaigns.Terms(starts_on=LONG_AGO, units=[OrganizationFactory()])
    beside = CampaignFactory(organizer=OrganizationFactory(parent=union.parent))
    campaigns.add_rule(beside, RuleKind.UNITS, nobody, for_all=True, by=SYSTEM)
    assert is_logged(scene.log(person_id=person.id))

    above = CampaignFactory(organizer=union.parent)
    campaigns.add_rule(above, RuleKind.UNITS, nobody, by=SYSTEM)
    assert is_logged(scene.log(person_id=courier(scene).id)), "it is for that campaign alone"
    campaigns.add_rule(above, RuleKind.UNITS, nobody, for_all=True, by=SYSTEM)
    assert not is_logged(scene.log(person_id=courier(scene).id))


def test_anonymous_handing_out_is_judged_by_no_rule(scene):
    rule(scene, RuleKind.UNITS, units=[OrganizationFactory()])
    rule(scene, most=1)

    assert is_logged(scene.log())
    assert is_logged(scene.log())


def test_after_the_fact_it_is_an_exception_that_names_the_rule(scene, person):
    first = rule(scene, most=1)
    second = rule(scene, RuleKind.UNITS, units=[OrganizationFactory()])
    scene.log(person_id=person.id, already_given=True)

    logged = scene.log(person_id=person.id, already_given=True)

    assert (logged.outcome, logged.reasons) == (
        Outcome.FLAGGED,
        (ExceptionReason.NOT_ENTITLED,),
    )
    rules = [
        exception.rule
        for exception in queries.open_exceptions(scene.event)
        if exception.handout_id == logged.id
    ]
    assert rules == [first, second]


class TestOverriding:
    def test_whoever_may_settle_gives_all_the_same_and_has_settled_it(self, scene, person):
        rule(scene, most=1)
        lead = actor(scene.lead)
        scene.log(person_id=person.id, by=lead)

        logged = scene.log(person_id=person.id, override="Lost the first one", by=lead)

        assert (logged.outcome, logged.reasons) == (Outcome.CREATED, ())
        exception = db.session.scalars(select(HandoutException)).one()
        assert exception.reason == ExceptionReason.NOT_ENTITLED
        assert (exception.settled_by_id, exception.settlement) == (lead.id, "Lost the first one")
        assert queries.open_exceptions(scene.event) == []
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "distributions.override")
        ).one()
        assert entry.actor_id == lead.id
        assert "Lost" not in str(entry.changes)

    def test_a_volunteer_may_not(self, scene, person):
        volunteer = actor(scene.volunteer)
        scene.log(person_id=person.id, by=volunteer)

        with pytest.raises(services.MayNotOverride):
            scene.log(person_id=person.id, override="Please", by=volunteer)

    def test_what_a_volunteer_gave_with_a_reason_is_still_to_be_settled(self, scene, person):
        volunteer = actor(scene.volunteer)
        scene.log(person_id=person.id, by=volunteer)

        logged = scene.log(
            person_id=person.id, override="Please", already_given=True, by=volunteer
        )

        assert logged.reasons == (ExceptionReason.DOUBLE_BENEFICIARY,)

    def test_where_nothing_is_broken_nothing_is_settled(self, scene, person):
        logged = scene.log(person_id=person.id, override="Just in case", by=actor(scene.volunteer))

        assert is_logged(logged)
        assert db.session.scalars(select(HandoutException)).all() == []

    def test_it_brings_back_neither_stock_nor_a_closed_event(self, scene, person):
        planner = actor(staff(scene.campaign.organizer, Role.PLANNER))
        scene.log(person_id=person.id)
        give = {"person_id": person.id, "override": "Approved", "by": planner}

        assert scene.log(**give, quantity=99).reasons == (Refusal.OUT_OF_STOCK,)
        scene.event.state = "closed"
        assert scene.log(**give).reasons == (Refusal.CLOSED, Refusal.SERVED_BEFORE)


class TestHouseholds:
    @pytest.fixture
    def couple(self, scene):
        return [courier(scene, household_key="3B12") for _each in range(2)]

    def test_a_household_is_served_once_between_its_members(self, scene, couple, person):
        rule(scene, most=1, basis=Basis.HOUSEHOLD)
        one, other = couple
        first = scene.log(person_id=one.id)

        assert not is_logged(scene.log(person_id=other.id))
        assert is_logged(scene.log(person_id=person.id)), "who is of no household is one alone"
        assert not is_logged(scene.log(person_id=person.id))
        same_code = courier(
            scene,
            organization=OrganizationFactory(parent=scene.campaign.organizer),
            household_key="3B12",
        )
        assert is_logged(scene.log(person_id=same_code.id)), "another union, another household"
        void(first)
        assert is_logged(scene.log(person_id=other.id))

    def test_who_moves_out_leaves_what_the_household_got(self, scene, couple):
        rule(scene, most=1, basis=Basis.HOUSEHOLD)
        one, other = couple
        scene.log(person_id=one.id)
        one.household_key = ""
        db.session.flush()

        assert not is_logged(scene.log(person_id=other.id))

    def test_households_are_counted_once_and_given_back(self, scene, couple, person):
        unit = OrganizationFactory(parent=scene.campaign.organizer, short_name="Unit")
        event = scene.another_event(unit=unit)
        logged = [scene.log(person_id=each.id, already_given=True) for each in (*couple, person)]
        scene.log(person_id=couple[0].id, event=event, already_given=True)
        scene.log(person_id=couple[0].id, head_count=0)

        def counted():
            units = {
                line.label: (line.persons, line.households)
                for line in named_by_unit(scene.campaign)
            }
            return (
                queries.count_households(scene.event),
                campaign_totals(scene.campaign, []).households,
                units[scene.campaign.organizer.short_name],
                units["Unit"],
            )

        assert counted() == (1, 1, (3, 1), (1, 1))
        void(logged[0])
        assert counted() == (1, 1, (2, 1), (1, 1))
        void(logged[1])
        assert counted()[:3] == (0, 1, (1, 0))

    def test_a_void_that_left_its_household_is_found(self, scene, couple):
        scene.log(person_id=couple[0].id)
        row = db.session.scalars(select(ServedHousehold)).one()
        row.times = 2
        db.session.flush()

        assert len(list(households_served_are_in_the_log())) == 1
        row.times = 1


class TestWithdrawnConsent:
    @pytest.fixture
    def withdrawn(self, scene, person):
        """Somebody who agreed to the campaign's notice and took it back."""
        agree(scene, person, LegalBasis.CONSENT)
        campaigns.withdraw_consent(consents_of(person)[0], by=SYSTEM)
        return person

    def test_hands_out_no_more_by_name_and_nobody_overrides_it(self, scene, withdrawn):
        lead = actor(scene.lead)

        logged = scene.log(person_id=withdrawn.id, override="Please", by=lead)

        assert logged.reasons == (Refusal.CONSENT_WITHDRAWN,)
        assert is_logged(scene.log()), "without the name it is"

    def test_is_an_exception_after_the_fact(self, scene, withdrawn):
        logged = scene.log(person_id=withdrawn.id, already_given=True)

        assert logged.reasons == (ExceptionReason.CONSENT_WITHDRAWN,)

    def test_is_no_bar_on_another_legal_basis_or_once_agreed_anew(self, scene, withdrawn):
        scene.campaign.legal_basis = LegalBasis.STATUTORY_DUTY
        assert is_logged(scene.log(person_id=withdrawn.id))

        scene.campaign.legal_basis = LegalBasis.CONSENT
        agree(scene, withdrawn, LegalBasis.CONSENT)
        assert scene.log(person_id=withdrawn.id).reasons == (Refusal.SERVED_BEFORE,)


def test_what_a_tap_would_break_is_foreseen_for_many_with_few_queries(
    scene, person, count_queries
):
    rule(scene, most=1, basis=Basis.HOUSEHOLD)
    rule(scene, RuleKind.AMOUNT, most=VALUE, fund_source=FundSourceFactory())
    rule(scene, RuleKind.GROUPS, groups=[scene.couriers])
    people = [person, *(courier(scene, household_key=f"A{number}") for number in range(9))]
    scene.log(person_id=person.id)
    ids = [each.id for each in people]

    with count_queries() as sent:
        foreseen = services.foresee(scene.event, scene.package, ids)

    assert {key for key, broken in foreseen.items() if broken} == {person.id}
    assert foreseen[person.id][0].had == 1
    assert services.foresee(scene.event, scene.package, []) == {}
    assert len(sent) <= 9


def test_an_anonymous_tap_pays_nothing_for_rules(scene, count_queries):
    with count_queries() as before:
        scene.log()
    rule(scene, most=1)
    rule(scene, RuleKind.AMOUNT, most=1)
    db.session.flush()
    with count_queries() as after:
        scene.log()

    assert len(after) == len(before)


def agree(scene, person, basis):
    """Write a notice and record that somebody agreed to it."""
    campaigns.publish_notice(scene.campaign, body="Told", asks=[], legal_basis=basis, by=SYSTEM)
    campaigns.record_consents(
        scene.campaign,
        [person.id],
        means=ConsentMeans.IN_PERSON,
        given_on=clock.today(),
        by=SYSTEM,
    )


def void(logged):
    """Take an entry back."""
    services.void_handout(logged.id, void_id=uuid_utils.uuid7(), reason="Wrong", by=SYSTEM)
