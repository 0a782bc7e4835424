"""A long table is a job; all but the writing is done before the writer lock is taken."""

import uuid

import pytest
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import Conflict
from carecampaign.core.uploads import StagedUpload, stage_upload
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.services import request_job
from carecampaign.jobs.tasks import run_job
from carecampaign.stations import services
from carecampaign.stations.models import Station, StationStatus
from carecampaign.stations.services import directory
from carecampaign.stations.services.directory import importing
from carecampaign.stations.services.errors import CodeTaken
from carecampaign.stations.tasks import IMPORT
from tests.factories import OrganizationFactory, StationFactory
from tests.stations.test_directory import a_row, send, table


@pytest.fixture
def client(client_for, planner):
    return client_for(planner)


@pytest.fixture
def long_ones_are_jobs(monkeypatch):
    monkeypatch.setattr("carecampaign.stations.views.directory.MOST_AT_ONCE", 1)


def ask(client, content: bytes) -> Job:
    """Send a table in, say yes, and give the job."""
    client.post(f"{send(client, content).location}/apply")
    db.session.rollback()
    return db.session.scalars(select(Job)).one()


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_long_table_is_a_job_that_takes_effect_once(client, district, long_ones_are_jobs):
    job = ask(client, table(a_row(district, "N1"), a_row(district, "N2")))

    run_job(job.id)
    run_job(job.id)

    db.session.refresh(job)
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    assert count(Station) == 2
    assert count(StagedUpload) == 0
    assert "2 stations added" in client.get(f"/jobs/{job.id}").text


def test_a_job_that_finds_a_wrong_row_changes_nothing_and_says_so(
    client, district, long_ones_are_jobs
):
    job = ask(client, table(a_row(district, "N1"), a_row(district, "N2")))
    StationFactory(code="N2", owner=OrganizationFactory())
    db.session.commit()

    run_job(job.id)

    db.session.refresh(job)
    assert job.state is JobState.FAILED
    assert "has errors" in job.error
    assert count(Station) == 1


def test_a_job_whose_asker_lost_the_role_does_nothing(
    client, planner, district, long_ones_are_jobs
):
    job = ask(client, table(a_row(district, "N1"), a_row(district, "N2")))
    planner.is_active = False
    db.session.commit()

    run_job(job.id)

    db.session.refresh(job)
    assert job.state is JobState.FAILED
    assert count(Station) == 0


def test_what_somebody_changed_meanwhile_is_compared_anew(app, district, monkeypatch):
    station = StationFactory(code="N1", owner=district)
    content = table(a_row(district, "N1", name="Renamed"))
    upload = stage_upload(content, filename="a.xlsx", purpose=directory.PURPOSE, owner_id=None)
    db.session.commit()
    ready = directory.make_ready(upload, by=SYSTEM)
    with transaction():
        services.change_status(
            db.session.get_one(Station, station.id),
            StationStatus.CLOSED,
            reason="Snow",
            by=SYSTEM,
        )
    compared, plan_import = [], importing.plan_import

    def counted(*arguments, **options):
        compared.append(options["lock"])
        return plan_import(*arguments, **options)

    monkeypatch.setattr(importing, "plan_import", counted)

    with transaction():
        directory.import_ready(upload.id, ready, by=SYSTEM)

    assert compared == [True]
    changed = db.session.get(Station, station.id, populate_existing=True)
    assert (changed.name, changed.status_reason) == ("Renamed", "Snow")


def test_what_nobody_changed_is_not_compared_again(app, district, monkeypatch):
    content = table(a_row(district, "N1"))
    upload = stage_upload(content, filename="a.xlsx", purpose=directory.PURPOSE, owner_id=None)
    db.session.commit()
    ready = directory.make_ready(upload, by=SYSTEM)
    monkeypatch.setattr(importing, "plan_import", None)

    with transaction():
        directory.import_ready(upload.id, ready, by=SYSTEM)

    assert count(Station) == 1


def test_a_wrong_table_is_not_made_ready(app, district):
    upload = stage_upload(
        table(a_row(district, "N1", name="")),
        filename="a.xlsx",
        purpose=directory.PURPOSE,
        owner_id=None,
    )

    with pytest.raises(Conflict):
        directory.make_ready(upload, by=SYSTEM)


def test_a_code_somebody_took_meanwhile_stops_the_whole_table(app, district):
    content = table(a_row(district, "N1"), a_row(district, "N2"))
    upload = stage_upload(content, filename="a.xlsx", purpose=directory.PURPOSE, owner_id=None)
    db.session.commit()
    ready = directory.make_ready(upload, by=SYSTEM)
    StationFactory(code="N2", owner=district)
    db.session.commit()

    with pytest.raises(CodeTaken), transaction():
        directory.import_ready(upload.id, ready, by=SYSTEM)

    assert count(Station) == 1
    assert count(StagedUpload) == 1


def test_an_import_that_nobody_asked_for_is_refused(app):
    with transaction():
        job = request_job(IMPORT, key="x", arguments={"upload_id": str(uuid.uuid4())}, by=SYSTEM)
        job_id = job.id

    run_job(job_id)

    failed = db.session.get_one(Job, job_id, populate_existing=True)
    assert failed.state is JobState.FAILED
