"""Whoever works for another union is told nothing of a person, on no page there is."""

import pytest
from sqlalchemy import select

from carecampaign.access.gate import PUBLIC, requirement_of
from carecampaign.access.permissions import STATION_ROLES, Role
from carecampaign.beneficiaries.models import Card, CardBatch, PairGround, PersonPair
from carecampaign.campaigns.models import (
    Campaign,
    Consent,
    ConsentKind,
    ConsentMeans,
    Notice,
    RosterEntry,
)
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.uploads import stage_upload
from carecampaign.distributions.models import Handout
from carecampaign.privacy.models import ExportColumn
from carecampaign.privacy.services import exports
from carecampaign.stations.models import StationMember
from tests.distributions.scene import actor, set_the_scene, staff
from tests.factories import EventFactory, OrganizationFactory, PersonFactory

NAME, EMPLOYER = "欧阳不存在", "无此单位"
LISTS = {"audit", "beneficiaries", "jobs", "privacy", "reports"}
"""Areas whose pages without a row of their own may list people."""

SEARCHES = ("/persons", "/search", "/cards", "/persons/duplicates")


@pytest.fixture
def rows(app):
    """A person and every row that leads to them, by the argument that names it in a URL."""
    scene = set_the_scene()
    union = scene.campaign.organizer
    person, twin = (
        PersonFactory(name=NAME, organization=union, employer=EMPLOYER, phone="13812345678")
        for _number in range(2)
    )
    scene.log(person_id=person.id)
    planner = staff(union)
    batch = CardBatch(organization=union, size=1)
    card = Card(
        batch=batch, code_index=b"1", short_index=b"1", person=person, bound_at=clock.now()
    )
    notice = Notice(
        campaign=scene.campaign,
        number=1,
        body="…",
        asks_sensitive=False,
        asks_public_notice=False,
        asks_photo=False,
    )
    consent = Consent(
        campaign=scene.campaign,
        person=person,
        notice=notice,
        kind=ConsentKind.HANDLING,
        means=ConsentMeans.IN_PERSON,
        given_on=clock.today(),
    )
    entry = RosterEntry(campaign=scene.campaign, unit=union, person=person)
    pair = PersonPair(first=person, second=twin, ground=PairGround.SAME_PHONE)
    db.session.add_all([card, consent, entry, pair])
    db.session.flush()
    export = exports.request_export(union, [ExportColumn.PHONE], reason=NAME, by=actor(planner))
    purpose = f"beneficiaries.import/{union.id}"
    upload = stage_upload(b"PK", filename=NAME, purpose=purpose, owner_id=planner.id)
    handout = db.session.scalars(select(Handout)).one()
    return {
        "person_id": person.id,
        "pair_id": pair.id,
        "card_id": card.id,
        "batch_id": batch.id,
        "consent_id": consent.id,
        "entry_id": entry.id,
        "export_id": export.id,
        "handout_id": handout.id,
        "event_id": scene.event.id,
        "campaign_id": scene.campaign.id,
        "organization_id": union.id,
        "upload_id": upload.id,
    }


@pytest.fixture
def stranger(rows, client_for):
    """Make the browser of somebody with a role at another union, and at an event of theirs."""

    def stranger(role):
        union = OrganizationFactory()
        user = staff(union, role)
        if role in STATION_ROLES:
            event = EventFactory(campaign__organizer=union)
            event.station.members.append(StationMember(user=user, is_lead=True))
        return client_for(user)

    return stranger


def rules_for_staff(app):
    for rule in app.url_map.iter_rules():
        if requirement_of(app.view_functions[rule.endpoint]) != PUBLIC:
            yield rule


def answers_about_rows(app, client, rows, method):
    """Ask for every page about one of the rows, or send every change to it without a word."""
    for rule in rules_for_staff(app):
        if method not in rule.methods or not rule.arguments or not rule.arguments <= set(rows):
            continue
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **{name: rows[name] for name in rule.arguments})
        yield rule.endpoint, client.open(url, method=method)


def answers_of_lists(app, client):
    """Ask for every page that is about no row."""
    for rule in rules_for_staff(app):
        is_list = rule.endpoint.partition(".")[0] in LISTS and not rule.arguments
        if is_list and "GET" in rule.methods:
            yield rule.endpoint, client.get(rule.rule)


def tells(answer):
    return NAME.encode() in answer.data or EMPLOYER.encode() in answer.data


@pytest.mark.parametrize("role", list(Role))
def test_somebody_of_another_unit_is_told_nothing(app, rows, stranger, role):
    client = stranger(role)
    opened = {
        name: answer.status_code
        for name, answer in answers_about_rows(app, client, rows, "GET")
        if answer.status_code not in {403, 404}
    }
    sent = [answer for _name, answer in answers_about_rows(app, client, rows, "POST")]
    told = [name for name, answer in answers_of_lists(app, client) if tells(answer)]
    found = [
        path
        for path in SEARCHES
        if EMPLOYER in client.get(path, query_string={"text": NAME, "q": NAME}).text
        or NAME in client.get(path, query_string={"text": EMPLOYER, "q": EMPLOYER}).text
    ]

    assert (opened, told, found) == ({}, [], [])
    assert [answer for answer in sent if answer.status_code == 200 or tells(answer)] == []


TELLING = {
    "beneficiaries.person",
    "beneficiaries.persons",
    "campaigns.consents",
    "campaigns.roster",
    "distributions.void",
    "privacy.erase_person",
    "privacy.pair",
    "privacy.pairs",
    "privacy.person_data",
    "reports.event_log",
}


def test_those_whom_the_pages_are_for_are_told(app, rows, client_for):
    organizer = db.session.get_one(Campaign, rows["campaign_id"]).organizer
    client = client_for(staff(organizer))
    for rule in rules_for_staff(app):
        if rule.endpoint in TELLING:
            with app.test_request_context():
                named = {name: rows[name] for name in rule.arguments}
                url = app.url_for(rule.endpoint, **named)
            assert tells(client.get(url)), rule.endpoint
