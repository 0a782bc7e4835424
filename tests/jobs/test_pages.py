"""Everybody sees their own jobs; auditors and administrators what was asked for in reach."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from carecampaign.access.permissions import Role
from carecampaign.audit import services as audit
from carecampaign.audit.tasks import seal_pending
from carecampaign.core.db import db, transaction
from carecampaign.jobs import services
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.tasks import run_job
from tests.factories import OrganizationFactory, UserFactory


@pytest.fixture
def tree(app):
    """A municipal union with two districts, and a planner in each district."""
    city = OrganizationFactory()
    here, there = OrganizationFactory(parent=city), OrganizationFactory(parent=city)
    return {
        "city": city,
        "here": here,
        "planner_here": UserFactory(role=Role.PLANNER, organization=here),
        "planner_there": UserFactory(role=Role.PLANNER, organization=there),
        "auditor_here": UserFactory(role=Role.AUDITOR, organization=here),
        "auditor": UserFactory(role=Role.AUDITOR, organization=city),
        "administrator": UserFactory(role=Role.ADMINISTRATOR, organization=None),
    }


def make_job(user, **values):
    job = Job(
        kind="audit.verify",
        key=f"key of {user.id if user else 0}",
        arguments={},
        language="en",
        requested_by_id=user.id if user else None,
        **values,
    )
    db.session.add(job)
    db.session.flush()
    return job


def seen_by(client, jobs):
    page = client.get("/jobs").text
    return {name for name, job in jobs.items() if f'href="/jobs/{job.id}"' in page}


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("planner_here", {"here"}),
        ("auditor_here", {"here"}),
        ("auditor", {"here", "there"}),
        ("administrator", {"here", "there", "system"}),
    ],
)
def test_the_list_shows_what_is_in_reach(tree, client_for, who, sees):
    jobs = {
        "here": make_job(tree["planner_here"]),
        "there": make_job(tree["planner_there"]),
        "system": make_job(None),
    }
    client = client_for(tree[who])

    assert seen_by(client, jobs) == sees
    statuses = {name: client.get(f"/jobs/{job.id}").status_code for name, job in jobs.items()}
    assert statuses == {name: 200 if name in sees else 404 for name in jobs}


def test_an_empty_list_says_what_it_is_for(tree, client_for):
    assert "No job yet" in client_for(tree["auditor"]).get("/jobs").text


def test_the_list_takes_the_same_few_queries_for_one_job_and_for_many(
    tree, client_for, count_queries
):
    client = client_for(tree["auditor"])

    def queries():
        db.session.expunge_all()
        with count_queries() as sent:
            client.get("/jobs")
        return len(sent)

    make_job(tree["planner_here"])
    make_job(tree["planner_there"])
    db.session.commit()
    few = queries()
    for user in [UserFactory(role=Role.PLANNER, organization=tree["here"]) for _ in range(5)]:
        make_job(user)
    db.session.commit()

    assert queries() == few


def the_job():
    return db.session.scalars(select(Job)).one()


@pytest.mark.parametrize(
    ("state", "values", "words", "polls"),
    [
        (JobState.QUEUED, {}, "waits for its turn", True),
        (JobState.RUNNING, {"progress": 30}, "30 of 100 (30%)", True),
        (JobState.DONE, {"result": {"message": "All is well."}}, "All is well.", False),
        (
            JobState.DONE,
            {"result": {"message": "Oh.", "lines": ["Line 7 is wrong."], "is_good": False}},
            "Line 7 is wrong.",
            False,
        ),
        (JobState.FAILED, {"error": "It failed."}, "It failed.", False),
    ],
)
def test_the_page_follows_the_job_until_it_is_finished(
    tree, client_for, state, values, words, polls
):
    user = tree["planner_here"]
    job = make_job(user, state=state, **values)

    page = client_for(user).get(f"/jobs/{job.id}").text

    assert words in page
    assert ('hx-trigger="every 1s"' in page) == polls
    assert ("Reload the page" in page) == polls


def test_the_seals_are_verified_as_a_job(tree, client_for):
    client = client_for(tree["auditor"])

    page = client.post("/jobs/verify-audit", follow_redirects=True)
    assert "Verify the seals of the audit log" in page.text
    job = the_job()
    run_job(job.id)

    assert "seals are intact" in client.get(f"/jobs/{job.id}").text


def test_a_broken_seal_is_named_on_the_page(tree, client_for):
    client = client_for(tree["auditor"])
    client.post("/jobs/verify-audit")
    client.post("/jobs/verify-audit")
    with transaction():
        audit.note_for_sealing("nobody's", "1", "a")
    seal_pending()
    run_job(the_job().id)

    page = client.get(f"/jobs/{the_job().id}").text
    assert "Something is wrong with the audit log." in page


def test_only_auditors_and_administrators_verify_the_seals(tree, client_for):
    assert client_for(tree["planner_here"]).post("/jobs/verify-audit").status_code == 403


class TestReadiness:
    """``GET /readyz``: database, migrations, consumer."""

    def test_ready_when_all_three_are_there(self, app):
        with transaction():
            services.note_consumer("here:1")

        answer = app.test_client().get("/readyz")

        assert (answer.status_code, answer.json) == (
            200,
            {"database": True, "migrations": True, "consumer": True},
        )

    def test_not_ready_without_a_consumer(self, app):
        answer = app.test_client().get("/readyz")

        assert (answer.status_code, answer.json["consumer"]) == (503, False)

    def test_not_ready_before_the_migrations(self, app):
        newest = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        _set_version("old")
        answer = app.test_client().get("/readyz")
        # On PostgreSQL the tests after this one have the same database.
        _set_version(newest)

        assert (answer.status_code, answer.json) == (
            503,
            {"database": True, "migrations": False, "consumer": False},
        )

    def test_not_ready_without_a_database(self, app, monkeypatch):
        def refuse(*_arguments, **_options):
            raise OperationalError("connect", None, Exception("gone"))

        monkeypatch.setattr(db.session, "connection", refuse)

        answer = app.test_client().get("/readyz")

        assert (answer.status_code, answer.json["database"]) == (503, False)


def _set_version(version: str) -> None:
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": version})
