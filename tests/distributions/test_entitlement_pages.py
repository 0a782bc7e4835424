"""What a rule says is shown before anything is given, with the ways out of it."""

from datetime import date

import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import (
    Basis,
    CampaignGroupOccupation,
    ConsentKind,
    ConsentMeans,
    LegalBasis,
    RuleKind,
    Span,
)
from carecampaign.campaigns.queries import consents_of
from carecampaign.core.db import db
from carecampaign.distributions.models import Handout, HandoutException
from tests.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("adds_up")

LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def person(scene):
    """A courier known by name."""
    person = PersonFactory(organization=scene.campaign.organizer, name="张三丰")
    db.session.add(
        CampaignGroupOccupation(
            group_id=scene.couriers.id,
            occupation_id=person.occupation_id,
            campaign_id=scene.campaign.id,
        )
    )
    db.session.commit()
    return person


@pytest.fixture
def phone(scene, person, client_for):
    return client_for(scene.volunteer)


@pytest.fixture
def lead(scene, person, client_for):
    return client_for(scene.lead)


def rule(scene, kind=RuleKind.TIMES, **terms):
    made = campaigns.add_rule(
        scene.campaign, kind, campaigns.Terms(starts_on=LONG_AGO, **terms), by=SYSTEM
    )
    db.session.commit()
    return made


def publish(scene, *asks, legal_basis=LegalBasis.CONSENT):
    campaigns.publish_notice(
        scene.campaign, body="We keep it short.", asks=asks, legal_basis=legal_basis, by=SYSTEM
    )
    db.session.commit()


def url(scene, page):
    return f"/events/{scene.event.id}/{page}"


def tap(scene, person, **fields):
    return {
        "id": str(uuid_utils.uuid7()),
        "item_id": scene.package.id,
        "person_id": person.id,
        **fields,
    }


def newcomer(occupation, **fields):
    return {
        "new-command_id": str(uuid_utils.uuid7()),
        "new-name": "赵新人",
        "new-occupation_id": occupation.id,
        "new-employer": "",
        "new-group_id": "",
        **fields,
    }


def test_who_is_picked_is_shown_with_what_they_had(scene, person, phone):
    rule(scene, most=1)
    scene.log(person_id=person.id)
    db.session.commit()

    page = phone.get(url(scene, "persons?name=张三")).text

    assert "At most 1 handout a person in one campaign: already had 1 of 1" in page
    assert "served before" in page
    rule(scene, RuleKind.GROUPS, groups=[scene.riders])
    assert "Not entitled. Only for Riders." in phone.get(url(scene, "persons?name=张三")).text


def test_the_page_takes_few_queries(scene, person, phone, count_queries):
    rule(scene, most=1, basis=Basis.HOUSEHOLD)
    rule(scene, RuleKind.AMOUNT, most=1, span=Span.YEAR)
    publish(scene, ConsentKind.PHOTO)

    with count_queries() as sent:
        phone.get(url(scene, "persons?name=张三"))

    assert len(sent) <= 12


def test_a_volunteer_is_told_why_and_cannot_override(scene, person, phone):
    rule(scene, most=1)
    phone.post(url(scene, "log"), data=tap(scene, person))

    answer = phone.post(url(scene, "log"), data=tap(scene, person))

    assert answer.status_code == 409
    assert "already had 1 of 1" in answer.text
    assert "Already handed over" in answer.text
    assert "Give all the same" not in answer.text
    forced = phone.post(url(scene, "log"), data=tap(scene, person, override="Please"))
    assert forced.status_code == 409
    assert "Only the lead or a planner" in forced.text
    assert db.session.query(Handout).count() == 1


def test_the_lead_gives_all_the_same_with_a_reason(scene, person, lead):
    rule(scene, most=1)
    lead.post(url(scene, "log"), data=tap(scene, person))
    assert "Give all the same" in lead.post(url(scene, "log"), data=tap(scene, person)).text

    mute = lead.post(url(scene, "log"), data=tap(scene, person, override=" "))
    assert mute.status_code == 409
    assert "Say why." in mute.text
    given = lead.post(
        url(scene, "log"),
        data=tap(scene, person, override="Torn on the way"),
        follow_redirects=True,
    )

    assert "Saved: 张三丰 +1" in given.text
    assert "To be settled" not in lead.get(f"/events/{scene.event.id}").text
    (exception,) = db.session.query(HandoutException)
    assert exception.settlement == "Torn on the way"


def test_nothing_is_overridden_where_there_is_no_rule_in_the_way(scene, person, lead):
    answer = lead.post(url(scene, "log"), data=tap(scene, person, quantity="99"))

    assert "left here" in answer.text
    assert "Give all the same" not in answer.text


def test_who_settles_sees_the_rule_and_what_else_was_given(scene, person, lead):
    rule(scene, most=1)
    scene.log(person_id=person.id)
    scene.log(person_id=person.id, already_given=True)
    db.session.commit()
    (exception,) = db.session.query(HandoutException)

    page = lead.get(url(scene, f"exceptions/{exception.id}")).text

    assert "At most 1 handout a person in one campaign" in page
    assert "Else given to this person in this campaign" in page


def test_an_exception_about_nobody_by_name_names_no_rule(scene, lead):
    scene.log(quantity=11, head_count=11, already_given=True)
    db.session.commit()
    (exception,) = db.session.query(HandoutException)

    page = lead.get(url(scene, f"exceptions/{exception.id}")).text

    assert "Else given" not in page


def test_the_event_shows_its_households(scene, person, lead):
    person.household_key = "3B12"
    scene.log(person_id=person.id)
    db.session.commit()

    assert "of persons with a household code" in lead.get(f"/events/{scene.event.id}").text


def test_somebody_new_is_told_first_and_what_they_agree_to_is_recorded(scene, person, phone):
    publish(scene, ConsentKind.PUBLIC_NOTICE, ConsentKind.PHOTO)
    assert "We keep it short." in phone.get(url(scene, "persons")).text

    untold = phone.post(url(scene, "persons"), data=newcomer(person.occupation))
    assert untold.status_code == 422
    assert "Nobody is entered by name who was not told" in untold.text
    told = {"new-notice": "1", "new-is_told": "y", "new-kinds": ["photo"]}
    phone.post(url(scene, "persons"), data=newcomer(person.occupation, **told))

    assert "and agrees" in untold.text
    added = db.session.query(Person).filter_by(name="赵新人").one()
    assert [(row.kind, row.means) for row in consents_of(added)] == [
        (ConsentKind.HANDLING, ConsentMeans.IN_PERSON),
        (ConsentKind.PHOTO, ConsentMeans.IN_PERSON),
    ]
    assert db.session.query(Handout).count() == 1


def test_where_no_consent_is_needed_it_is_enough_to_be_told(scene, person, phone):
    publish(scene, legal_basis=LegalBasis.STATUTORY_DUTY)

    assert "and agrees" not in phone.get(url(scene, "persons")).text


def test_a_version_nobody_wrote_is_no_notice(scene, person, phone):
    publish(scene)

    answer = phone.post(
        url(scene, "persons"),
        data=newcomer(person.occupation, **{"new-notice": "9", "new-is_told": "y"}),
    )

    assert answer.status_code == 422
    assert db.session.query(Person).filter_by(name="赵新人").count() == 0


def test_who_withdrew_is_shown_as_such(scene, person, phone):
    publish(scene)
    campaigns.record_consents(
        scene.campaign, [person.id], means=ConsentMeans.ON_PAPER, given_on=LONG_AGO, by=SYSTEM
    )
    campaigns.withdraw_consent(consents_of(person)[0], by=SYSTEM)
    db.session.commit()

    assert "withdrawn their consent" in phone.get(url(scene, "persons?name=张三")).text
    refused = phone.post(url(scene, "log"), data=tap(scene, person))
    assert "hand out without the name" in refused.text
