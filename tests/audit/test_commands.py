"""``flask audit``: exit 0 when all is well, 1 with the problems in words."""

import pytest
from sqlalchemy import update

from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import in_language_of


@pytest.fixture
def run(app):
    def invoke(*arguments):
        with in_language_of("en"):
            return app.test_cli_runner().invoke(args=["audit", *arguments])

    return invoke


def test_what_waits_is_sealed_by_hand(run, record_entries):
    record_entries(3)

    result = run("seal")

    assert (result.exit_code, result.output) == (0, "3 rows sealed.\n")


def test_an_intact_log_is_reported_with_its_length(run, record_entries):
    record_entries(3)
    run("seal")

    result = run("verify")

    assert (result.exit_code, result.output) == (0, "3 seals are intact.\n")


def test_a_changed_log_ends_with_the_problem_and_exit_1(run, record_entries):
    record_entries(1)
    run("seal")
    with transaction():
        db.session.execute(update(AuditEntry).values(subject_name="forged"))

    result = run("verify")

    assert result.exit_code == 1
    assert "was changed after it was sealed" in result.output
