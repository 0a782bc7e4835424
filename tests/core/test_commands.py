"""A command sent twice takes effect once."""

import uuid

import pytest
from sqlalchemy import select

from carecampaign.beneficiaries.models import Occupation
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import Conflict
from carecampaign.core.forms import new_command_id
from tests.factories import OccupationFactory


def test_the_second_time_gives_what_the_first_made(app):
    command_id = new_command_id()
    with transaction():
        claim(command_id, "test.make").outcome = 42

    with pytest.raises(AlreadyDone) as refused, transaction():
        claim(command_id, "test.make")

    assert refused.value.outcome == 42


def test_a_command_that_failed_may_be_sent_again(app):
    command_id = new_command_id()

    def fail():
        with transaction():
            claim(command_id, "test.make")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with transaction():
        claim(command_id, "test.make")


def test_an_id_used_for_something_else_is_refused(app):
    command_id = uuid.uuid4()
    with transaction():
        claim(command_id, "test.make")

    with pytest.raises(Conflict) as refused, transaction():
        claim(command_id, "test.break")
    assert not isinstance(refused.value, AlreadyDone)


def test_sent_many_times_at_once_it_takes_effect_once(app, at_once):
    command_id = new_command_id()

    def make(_number):
        with transaction():
            command = claim(command_id, "test.make")
            command.outcome = OccupationFactory().id
        return command.outcome

    answers = at_once(make, threads=8)

    refused = [answer for answer in answers if isinstance(answer, AlreadyDone)]
    (made,) = [answer for answer in answers if isinstance(answer, int)]
    assert len(refused) == 7
    assert {error.outcome for error in refused} == {made}
    db.session.rollback()
    assert len(db.session.scalars(select(Occupation)).all()) == 1
