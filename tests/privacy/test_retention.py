"""What is kept longer than the rules allow is deleted each night, and nothing else is."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import SignInFailure
from carecampaign.audit.models import AuditEntry
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import RosterEntry
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import in_language_of
from carecampaign.core.uploads import StagedUpload, stage_upload
from carecampaign.distributions.models import Phone, Served
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.tasks import ask_for_daily_jobs, run_job
from carecampaign.privacy import tasks
from carecampaign.privacy.models import RetentionRun
from carecampaign.privacy.queries.due import count_due, list_rules
from carecampaign.privacy.retention import RecordClass, months_before
from carecampaign.privacy.services import retention
from carecampaign.privacy.services.erasure import NOBODY
from tests.distributions.scene import set_the_scene
from tests.factories import CampaignFactory, PersonFactory, UserFactory

R = RecordClass
PHONE = "13812345678"
LONG_AGO = timedelta(days=365 * 4)


@pytest.fixture
def administrator(app):
    return UserFactory(role=Role.ADMINISTRATOR, organization=None)


def person(age=LONG_AGO, **facts):
    """Somebody entered so long ago."""
    facts = {"name": "张小三", "phone": PHONE, "household_key": "3B12"} | facts
    return PersonFactory(created_at=clock.now() - age, **facts)


def campaign_that_ended(months, **facts):
    day = months_before(clock.today(), months)
    return CampaignFactory(starts_on=day - timedelta(days=30), ends_on=day, **facts)


def put_on_roster(campaign, person):
    entry = RosterEntry(campaign=campaign, unit=person.organization, person=person)
    db.session.add(entry)
    db.session.flush()


def retain():
    db.session.commit()
    run = tasks.retain(by=SYSTEM)
    db.session.rollback()
    db.session.expire_all()
    return {RecordClass(key): count for key, count in run.counts.items()}


def due():
    return {kind: count for kind, count in count_due(list_rules()).items() if count}


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 24), 24, date(2024, 11, 24)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_a_month_earlier_is_the_same_day_where_there_is_one(day, months, before):
    assert months_before(day, months) == before


@pytest.mark.parametrize(("months_ago", "is_due"), [(25, True), (23, False), (-2, False)])
def test_numbers_go_so_many_months_after_the_last_campaign(app, months_ago, is_due):
    somebody = person()
    put_on_roster(campaign_that_ended(40), somebody)
    put_on_roster(campaign_that_ended(months_ago), somebody)

    counts = retain()

    assert counts.get(R.NUMBERS, 0) == is_due
    assert (somebody.phone is None) is is_due
    assert (somebody.phone_index is None, somebody.household_key == "") == (is_due, is_due)
    assert somebody.name == "张小三"


def test_whoever_was_served_of_late_is_kept_and_so_is_a_changed_entry(app):
    scene = set_the_scene()
    served, changed = person(organization=scene.campaign.organizer), person()
    db.session.add(
        Served(
            event_id=scene.event.id,
            person_id=served.id,
            campaign_id=scene.campaign.id,
            unit_id=scene.campaign.organizer_id,
            times=1,
        )
    )
    changed.employer = "新单位"

    assert retain() == {}
    assert (served.phone, changed.phone) == (PHONE, PHONE)


def test_names_go_later_and_the_numbers_before_change_nothing_about_it(app):
    long_gone, gone = person(age=timedelta(days=365 * 6)), person()
    put_on_roster(campaign_that_ended(50), gone)

    assert retain() == {R.NUMBERS: 2, R.PERSONS: 1}
    assert (long_gone.name, gone.name) == (NOBODY, "张小三")
    assert long_gone.erased_at is not None
    assert long_gone.changed_at is not None
    assert gone.changed_at is None
    actions = db.session.execute(
        select(AuditEntry.action, AuditEntry.subject_name, AuditEntry.changes).order_by(
            AuditEntry.id
        )
    ).all()
    assert [tuple(row) for row in actions if row.action == "privacy.anonymize"] == [
        ("privacy.anonymize", f"№ {long_gone.id}", {})
    ]
    assert retain() == {}


def test_all_else_that_is_due_goes_too(app):
    old = clock.now() - timedelta(days=800)
    phones = [
        Phone(id=uuid.uuid4(), volunteer="王五", secret_digest=b"secret", heard_at=heard_at)
        for heard_at in (old, clock.now())
    ]
    jobs = [
        Job(
            kind="audit.verify",
            key=f"job {number}",
            arguments={},
            language="zh",
            state=JobState.DONE,
            finished_at=finished_at,
        )
        for number, finished_at in enumerate((old, clock.now()))
    ]
    upload = stage_upload(b"x", filename="a.xlsx", purpose="a.b", owner_id=None)
    db.session.add_all([*phones, *jobs, SignInFailure(key="old", created_at=old)])
    db.session.flush()
    upload.staged_at = old
    db.session.flush()

    assert retain() == {R.VOLUNTEERS: 1, R.JOBS: 1, R.UPLOADS: 1, R.ATTEMPTS: 1}
    assert [(phone.volunteer, phone.secret_digest) for phone in phones] == [
        ("", None),
        ("王五", b"secret"),
    ]
    for table, left in ((Job, 1), (StagedUpload, 0), (SignInFailure, 0)):
        assert db.session.scalar(select(func.count()).select_from(table)) == left


def test_a_run_that_was_broken_off_is_gone_on_with(app, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for _number in range(5):
        person()
    db.session.commit()
    with transaction():
        run_id = retention.begin_run(by=SYSTEM).id
    with transaction():
        retention.retain_batch(run_id, R.NUMBERS, by=SYSTEM)
    db.session.rollback()
    assert due()[R.NUMBERS] == 3

    assert retain()[R.NUMBERS] == 5
    run = db.session.scalars(select(RetentionRun)).one()
    assert run.id == run_id
    assert run.finished_at is not None
    with transaction():
        assert retention.finish_run(run_id, by=SYSTEM).finished_at == run.finished_at
    told = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "privacy.retain")
    ).all()
    assert [entry.changes["numbers"] for entry in told] == [5]


def test_the_system_asks_for_it_once_a_day(app):
    person()
    db.session.commit()
    with in_language_of("en"):
        ask_for_daily_jobs()
        ask_for_daily_jobs()
        jobs = db.session.scalars(select(Job).where(Job.kind == retention.RETAIN)).all()
        db.session.rollback()
        run_job(jobs[0].id)
        ask_for_daily_jobs()
    db.session.expire_all()

    assert [(job.state, job.requested_by_id) for job in jobs] == [(JobState.DONE, None)]
    assert "1" in jobs[0].result["lines"][0]
    db.session.execute(update(Job).values(created_at=clock.now() - timedelta(days=1, hours=1)))
    db.session.commit()
    ask_for_daily_jobs()
    assert db.session.scalar(select(func.count()).select_from(Job)) == 2


def test_the_command_says_what_is_due_and_deletes_it(app):
    person()
    db.session.commit()
    run = app.test_cli_runner().invoke
    with in_language_of("en"):
        told = run(args=["privacy", "retain", "--dry-run"]).output
        assert db.session.scalars(select(Person.phone)).one() == PHONE
        done = run(args=["privacy", "retain"]).output
        again = run(args=["privacy", "retain"]).output

    assert "Numbers of persons: 1" in told
    assert "Numbers of persons: 1" in done
    assert again == "Nothing is due.\n"


def test_an_administrator_looks_at_what_is_due_and_has_it_deleted(client_for, administrator):
    somebody = person()
    put_on_roster(campaign_that_ended(30), somebody)
    client = client_for(administrator)

    page = client.get("/privacy/retention").text
    rows = client.get("/privacy/retention/numbers").text
    assert "Delete what is due now" in page
    assert "24 months" in page
    assert "张*三" in rows
    assert "张小三" not in rows
    assert str(months_before(clock.today(), 30).year) in rows
    assert "Nothing is due" in client.get("/privacy/retention/persons").text

    location = client.post("/privacy/retention/run").location
    db.session.rollback()
    run_job(int(location.rpartition("/")[2]))
    db.session.expire_all()
    assert somebody.phone is None
    page = client.get("/privacy/retention").text
    assert administrator.name in page
    assert "Numbers of persons: 1" in page


def test_an_administrator_sets_the_periods_within_bounds(client_for, administrator):
    client = client_for(administrator)
    form = {"numbers": "12", "persons": "", "volunteers": "24", "jobs": "5"}
    url = "/privacy/retention/edit"

    assert client.post(url, data=form).status_code == 422
    assert client.post(url, data=form | {"jobs": "6"}).status_code == 302
    assert client.post(url, data=form | {"jobs": "7"}).status_code == 302

    assert list_rules() == {R.NUMBERS: 12, R.PERSONS: None, R.VOLUNTEERS: 24, R.JOBS: 7}
    told = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "privacy.set_rule").order_by(AuditEntry.id)
    ).all()
    assert [entry.changes["months"] for entry in told] == [[24, 12], [60, None], [12, 6], [6, 7]]
    assert "Without an end" in client.get("/privacy/retention").text
    person(age=timedelta(days=365 * 20))
    assert R.PERSONS not in due()


def test_who_administers_a_part_of_the_tree_reads_the_rules_alone(client_for):
    client = client_for(UserFactory(role=Role.ADMINISTRATOR))
    page = client.get("/privacy/retention").text

    assert "24 months" in page
    assert "/privacy/retention/edit" not in page
    for path in ("edit", "numbers"):
        assert client.get(f"/privacy/retention/{path}").status_code == 404
    assert client.post("/privacy/retention/run").status_code == 404
