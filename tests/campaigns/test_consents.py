"""What people are told is kept version by version, and what they agreed to can be taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.audit.words import changes
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns import services
from carecampaign.campaigns.models import (
    CampaignState,
    Consent,
    ConsentKind,
    ConsentMeans,
    LegalBasis,
)
from carecampaign.campaigns.notices import TO_FILL_IN, propose_body
from carecampaign.campaigns.queries import consents_of, has_withdrawn, who_agreed
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from tests.campaigns.plans import planner_of, stored
from tests.factories import CampaignFactory, OrganizationFactory, PersonFactory, UserFactory

ASKED = [ConsentKind.PUBLIC_NOTICE, ConsentKind.PHOTO]


@pytest.fixture
def campaign(app):
    return CampaignFactory(name="Winter")


@pytest.fixture
def planner(campaign):
    return planner_of(campaign.organizer)


@pytest.fixture
def client(planner, client_for):
    return client_for(planner)


@pytest.fixture
def person(campaign):
    return PersonFactory(organization=campaign.organizer)


def publish(campaign, body="We keep your name.", asks=ASKED, **more):
    more = {"legal_basis": LegalBasis.CONSENT, "by": SYSTEM, **more}
    notice = services.publish_notice(campaign, body=body, asks=asks, **more)
    db.session.commit()
    return notice


def record(campaign, *persons, kinds=(), means=ConsentMeans.ON_PAPER, **more):
    more = {"given_on": clock.today(), "by": SYSTEM, **more}
    ids = [person.id for person in persons]
    new = services.record_consents(campaign, ids, kinds, means=means, **more)
    db.session.commit()
    return new


def standing(person):
    db.session.expire_all()
    return {consent.kind for consent in consents_of(person) if consent.withdrawn_at is None}


class TestTheNotice:
    def test_a_text_to_begin_with_lacks_only_whom_to_ask(self, campaign, client):
        url = f"/campaigns/{campaign.id}/notice"
        assert "No notice yet" in client.get(url).text
        with in_language_of("en"):
            body = propose_body(campaign)
        assert "24 months" in client.get(f"{url}/edit").text
        form = {"number": 0, "legal_basis": "consent", "asks": ["photo"]}

        answer = client.post(f"{url}/edit", data={**form, "body": body})
        assert answer.status_code == 422
        assert "Fill in what is still blank" in answer.text
        client.post(f"{url}/edit", data={**form, "body": body.replace(TO_FILL_IN, "Li")})

        assert stored(campaign.id).legal_basis is LegalBasis.CONSENT
        page = client.get(url).text
        assert campaign.organizer.name in page
        assert "Photos and their use" in page
        assert "I agree that my personal information is handled as it says." in page

    def test_a_change_is_a_new_version_and_the_old_one_is_kept(self, campaign, client):
        publish(campaign)
        publish(campaign, body="We keep your name and your phone.")

        url = f"/campaigns/{campaign.id}/notice"
        assert "name and your phone" in client.get(url).text
        old = client.get(f"{url}?version=1").text
        assert "We keep your name." in old
        assert "version 2 holds now" in old
        assert client.get(f"{url}?version=9").status_code == 404

    def test_what_says_the_same_is_no_new_version(self, campaign):
        first = publish(campaign)

        again = publish(campaign, legal_basis=LegalBasis.STATUTORY_DUTY)

        assert again is first
        assert campaign.legal_basis is LegalBasis.STATUTORY_DUTY

    def test_two_who_write_at_once_are_told(self, campaign, client):
        publish(campaign)
        form = {"number": 0, "legal_basis": "consent", "body": "Mine"}

        answer = client.post(f"/campaigns/{campaign.id}/notice/edit", data=form)

        assert answer.status_code == 422
        assert "Somebody else has written a new version" in answer.text
        assert 'value="1"' in answer.text
        with pytest.raises(services.WrittenMeanwhile):
            publish(campaign, after=0)

    def test_a_closed_campaign_tells_nothing_new(self, campaign, client):
        publish(campaign)
        campaign.state = CampaignState.CLOSED
        db.session.commit()

        with pytest.raises(services.CampaignOver):
            publish(campaign, body="Other")
        assert "Write a new version" not in client.get(f"/campaigns/{campaign.id}/notice").text

    def test_it_is_written_by_those_who_plan_the_campaign(self, campaign, client_for):
        url = f"/campaigns/{campaign.id}/notice"
        auditor = client_for(UserFactory(role=Role.AUDITOR, organization=campaign.organizer))
        stranger = client_for(planner_of(OrganizationFactory()))

        assert auditor.get(url).status_code == 200
        assert auditor.get(f"{url}/edit").status_code == 403
        assert stranger.get(url).status_code == 404
        assert stranger.get(f"{url}/edit").status_code == 404


class TestRecording:
    def test_who_was_told_by_which_version_when_and_by_whom(self, campaign, person, client):
        publish(campaign)
        url = f"/campaigns/{campaign.id}/persons/{person.id}/consents/record"
        form = {"kinds": ["photo"], "means": "on_paper", "given_on": "2026-01-05"}
        page = client.get(url).text
        assert "We keep your name." in page
        assert "agrees that it is handled so" in page

        client.post(url, data=form)

        rows = consents_of(person)
        assert [(row.kind, row.notice.number, row.given_on) for row in rows] == [
            (ConsentKind.HANDLING, 1, date(2026, 1, 5)),
            (ConsentKind.PHOTO, 1, date(2026, 1, 5)),
        ]
        shown = client.get(f"/campaigns/persons/{person.id}/consents").text
        assert "Photos and their use" in shown
        assert "Winter" in shown

    def test_nobody_agrees_to_what_nobody_was_told(self, campaign, person, client):
        with pytest.raises(services.NoNotice):
            record(campaign, person)
        url = f"/campaigns/{campaign.id}/persons/{person.id}/consents/record"
        assert client.get(url).status_code == 404
        assert (
            "No campaign of yours" in client.get(f"/campaigns/persons/{person.id}/consents").text
        )

    def test_nor_to_what_is_not_asked_nor_tomorrow(self, campaign, person, client):
        publish(campaign)
        with pytest.raises(services.NotAsked):
            record(campaign, person, kinds=[ConsentKind.SENSITIVE])
        tomorrow = clock.today() + timedelta(days=1)

        answer = client.post(
            f"/campaigns/{campaign.id}/persons/{person.id}/consents/record",
            data={"means": "on_paper", "given_on": tomorrow.isoformat()},
        )

        assert answer.status_code == 422
        assert "still to come" in answer.text

    def test_twice_is_once(self, campaign, person):
        publish(campaign)

        assert record(campaign, person) == 1
        assert record(campaign, person, kinds=[ConsentKind.PHOTO]) == 1
        assert record(campaign, person, kinds=[ConsentKind.PHOTO]) == 0
        assert standing(person) == {ConsentKind.HANDLING, ConsentKind.PHOTO}

    def test_many_at_once_leave_one_entry_without_names(self, campaign, count_queries):
        publish(campaign)
        people = [PersonFactory(organization=campaign.organizer) for _each in range(30)]
        db.session.flush()

        with count_queries() as sent:
            new = record(campaign, *people, means=ConsentMeans.BY_UNIT)

        assert new == 30
        assert len(sent) <= 8
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "campaigns.record_consents")
        ).one()
        with in_language_of("en"):
            assert changes(entry) == [
                "Persons added: 30",
                "Consent to: Handling as the notice says",
                "Version of the notice: 1",
                "How it is known: Confirmed by their unit",
            ]
        assert people[0].name not in str(entry.changes)

    def test_what_was_shown_counts_though_a_newer_version_came_meanwhile(self, campaign, person):
        publish(campaign)
        publish(campaign, body="Newer", asks=[])

        record(campaign, person, kinds=[ConsentKind.PHOTO], number=1)

        assert {row.notice.number for row in consents_of(person)} == {1}

    def test_a_form_where_nothing_is_asked_separately(self, campaign, person, client):
        publish(campaign, asks=[], legal_basis=LegalBasis.STATUTORY_DUTY)
        url = f"/campaigns/{campaign.id}/persons/{person.id}/consents/record"

        assert "agrees that it is handled so" not in client.get(url).text
        client.post(url, data={"means": "in_person", "given_on": "2026-01-05"})

        assert standing(person) == {ConsentKind.HANDLING}


class TestWithdrawing:
    def test_one_separate_consent_alone(self, campaign, person, client):
        publish(campaign)
        record(campaign, person, kinds=ASKED)
        photo = next(row for row in consents_of(person) if row.kind is ConsentKind.PHOTO)
        url = f"/campaigns/persons/{person.id}/consents/{photo.id}/withdraw"

        client.post(url)

        assert standing(person) == {ConsentKind.HANDLING, ConsentKind.PUBLIC_NOTICE}
        assert "Withdrawn" in client.get(f"/campaigns/persons/{person.id}/consents").text
        assert client.post(url).status_code == 409
        assert who_agreed(campaign.id, [person.id], ConsentKind.PHOTO) == set()
        assert who_agreed(campaign.id, [person.id], ConsentKind.HANDLING) == {person.id}
        assert who_withdrew(campaign.id, [person.id]) == set()

    def test_the_handling_itself_takes_all_of_the_campaign_with_it(self, campaign, person):
        publish(campaign)
        other = CampaignFactory(organizer=campaign.organizer)
        publish(other)
        record(campaign, person, kinds=ASKED)
        record(other, person)

        services.withdraw_consent(first(campaign, person), by=SYSTEM)

        assert [row.campaign for row in consents_of(person) if row.withdrawn_at is None] == [other]
        assert who_withdrew(campaign.id, [person.id]) == {person.id}
        assert who_withdrew(other.id, [person.id]) == set()

    def test_a_units_word_brings_nothing_back_but_the_persons_own_does(self, campaign, person):
        publish(campaign)
        record(campaign, person, kinds=ASKED)
        services.withdraw_consent(first(campaign, person), by=SYSTEM)

        assert record(campaign, person, means=ConsentMeans.BY_UNIT) == 0
        assert standing(person) == set()
        assert record(campaign, person) == 1
        assert standing(person) == {ConsentKind.HANDLING}
        assert who_withdrew(campaign.id, [person.id]) == set()

    def test_what_was_said_under_a_merged_entry_counts_for_the_person(self, campaign, person):
        publish(campaign)
        twin = PersonFactory(organization=campaign.organizer)
        record(campaign, person, twin)
        twin.merged_into_id = person.id
        db.session.flush()

        services.withdraw_consent(first(campaign, twin), by=SYSTEM)

        assert standing(person) == set()
        assert who_withdrew(campaign.id, [person.id]) == {person.id}

    def test_only_those_who_keep_the_person_record_and_withdraw(
        self, campaign, person, client_for
    ):
        publish(campaign)
        record(campaign, person)
        consent = first(campaign, person)
        auditor = client_for(UserFactory(role=Role.AUDITOR, organization=campaign.organizer))
        stranger = client_for(planner_of(OrganizationFactory()))
        page = f"/campaigns/persons/{person.id}/consents"

        assert "Record a consent" not in auditor.get(page).text
        assert auditor.post(f"{page}/{consent.id}/withdraw").status_code == 403
        assert stranger.get(page).status_code == 404
        assert stranger.post(f"{page}/{consent.id}/withdraw").status_code == 404
        keeper = client_for(planner_of(campaign.organizer))
        other = PersonFactory(organization=campaign.organizer)
        db.session.commit()
        wrong = f"/campaigns/persons/{other.id}/consents/{consent.id}/withdraw"
        assert keeper.post(wrong).status_code == 404


def who_withdrew(campaign_id, person_ids):
    """Those of some persons who took back that a campaign handles their data."""
    found = select(Person.id).where(Person.id.in_(person_ids), has_withdrawn(campaign_id))
    return set(db.session.scalars(found))


def first(campaign, person):
    """The consent of a person to the handling of data in a campaign."""
    return db.session.scalars(
        select(Consent).where(
            Consent.campaign_id == campaign.id,
            Consent.person_id == person.id,
            Consent.kind == ConsentKind.HANDLING,
        )
    ).one()
