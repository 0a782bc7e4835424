"""Instants, ids and closed lists mean the same on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.jobs.models import Job, JobState

instants = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, clock.ZONE, timezone(timedelta(hours=-11, minutes=-30))]),
)


def job(**values):
    row = Job(kind="x", key="k", arguments={}, language="en", **values)
    db.session.add(row)
    db.session.flush()
    return row


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(instant=instants)
def test_an_instant_comes_out_aware_and_in_utc_whatever_zone_it_went_in_with(app, instant):
    db.session.rollback()
    row = job(finished_at=instant)
    db.session.expire(row)

    # Compared in UTC: an hour that comes twice in autumn equals nothing in another zone.
    assert row.finished_at == instant.astimezone(UTC)
    assert row.finished_at.tzinfo is UTC
    found = select(Job.id).where(Job.finished_at == instant.astimezone(UTC))
    assert db.session.scalar(found) == row.id


def test_an_instant_without_a_zone_is_refused(app):
    with pytest.raises(StatementError, match="must be aware"), transaction():
        job(finished_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the mistake


def test_nothing_stays_nothing(app):
    row = job(finished_at=None)
    db.session.expire(row)

    assert row.finished_at is None


def test_a_closed_list_is_kept_by_its_values(app):
    row = job(state=JobState.DONE)
    db.session.expire(row)

    assert row.state is JobState.DONE
    assert db.session.execute(text("SELECT state FROM job")).scalar() == "done"


def test_a_row_shows_its_class_and_id(app):
    row = job()

    assert repr(row) == f"<Job {row.id}>"


def test_a_local_day_begins_at_local_midnight():
    assert clock.start_of(date(2026, 11, 24)) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert clock.local_date(datetime(2026, 11, 23, 16, tzinfo=UTC)) == date(2026, 11, 24)
    assert clock.local_date(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)


def test_today_is_the_date_here_not_in_greenwich(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 20, tzinfo=UTC), tick=False)

    assert clock.today() == date(2026, 11, 24)
    assert clock.seconds_from_now(-3600) == datetime(2026, 11, 23, 19, tzinfo=UTC)
