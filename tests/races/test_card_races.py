"""One blank card, two desks: one person gets it. Without the guard both desks believe so."""

import threading

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditEntry
from carecampaign.beneficiaries.models import Card, Person
from carecampaign.beneficiaries.services import cards
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from tests.beneficiaries.cards import printed_for
from tests.factories import OrganizationFactory, PersonFactory
from tests.races.crowd import all_at_once, refusals

DESKS = 8


@pytest.fixture
def persons(app):
    union = OrganizationFactory()
    return [PersonFactory(organization=union).id for _desk in range(DESKS)]


@pytest.fixture
def card(persons):
    printed_for(OrganizationFactory())
    db.session.commit()
    return db.session.scalars(select(Card.id)).one()


def test_a_blank_card_is_bound_to_one_person_only(app, card, persons):
    def bind(person_id):
        def act():
            with transaction():
                cards.bind_card(
                    db.session.get_one(Card, card),
                    db.session.get_one(Person, person_id),
                    by=SYSTEM,
                )
            return person_id

        return act

    results = all_at_once(app, [bind(person_id) for person_id in persons])

    db.session.rollback()
    winners = [result for result in results if isinstance(result, int)]
    assert refusals(results, cards.AlreadyBound) == DESKS - 1
    assert winners == [db.session.scalar(select(Card.person_id))]
    bound = select(AuditEntry).where(AuditEntry.action == "beneficiaries.bind_card")
    assert len(db.session.scalars(bound).all()) == 1


def test_the_race_is_real_without_the_guard_the_last_one_wins(app, card, persons):
    everybody_looked = threading.Barrier(DESKS)

    def bind_unguarded(person_id):
        def act():
            looked_at = db.session.get_one(Card, card)
            is_blank = looked_at.person_id is None
            everybody_looked.wait()
            with transaction():
                if is_blank:
                    written = db.session.get_one(Card, card)
                    written.person_id, written.bound_at = person_id, clock.now()
            return is_blank

        return act

    results = all_at_once(app, [bind_unguarded(person_id) for person_id in persons])

    assert results == [True] * DESKS
