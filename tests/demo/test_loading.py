from unittest.mock import ANY

import pytest
from sqlalchemy import func, select

from carecampaign.accounts.models import User
from carecampaign.accounts.passwords import is_right
from carecampaign.audit import services as audit
from carecampaign.audit.models import AuditPending
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.demo import loading
from carecampaign.demo.people import ACCOUNTS, PASSWORD
from carecampaign.inventory.services.verification import verify_everything
from tests.demo.conftest import run_demo
from tests.factories import OrganizationFactory


def test_loading_prints_the_sign_ins_in_both_languages_and_a_second_load_is_refused(app):
    first = run_demo(app, "load")
    assert first.exit_code == 0
    chinese, english = first.output.splitlines()
    for line in (chinese, english):
        assert PASSWORD in line
        assert all(account.username in line for account in ACCOUNTS)

    second = run_demo(app, "load")
    assert second.exit_code == 1
    assert len(second.output.splitlines()) == 1
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 6


def test_loading_into_a_database_in_use_does_nothing(app):
    OrganizationFactory()
    db.session.commit()

    quiet = run_demo(app, "load", "--if-empty")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert run_demo(app, "load").exit_code == 1
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_loading_only_if_empty_loads_into_an_empty_database(app):
    result = run_demo(app, "load", "--if-empty")
    assert result.exit_code == 0
    assert PASSWORD in result.output


def test_a_load_that_fails_leaves_nothing_behind(app, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("lost power")

    monkeypatch.setattr(loading.current_winter, "build", fail)
    with pytest.raises(RuntimeError):
        run_demo(app, "load", catch_exceptions=False)
    assert loading.is_empty()


class TestLoaded:
    @pytest.fixture(autouse=True)
    def _in_the_demo(self, loaded):
        """Read the demo that is loaded once."""

    def test_the_ledger_adds_up(self):
        assert verify_everything() == []

    def test_everything_is_sealed_and_the_seals_are_intact(self):
        assert db.session.scalar(select(func.count()).select_from(AuditPending)) == 0
        assert audit.verify().problems == []

    def test_everybody_signs_in_with_the_password_of_the_demo(self):
        hashes = {user.username: user.password_hash for user in db.session.scalars(select(User))}
        assert hashes == {account.username: ANY for account in ACCOUNTS}
        assert len(set(hashes.values())) == len(ACCOUNTS)
        assert all(is_right(PASSWORD, password_hash) for password_hash in hashes.values())

    def test_names_of_accounts_cannot_be_taken_for_real_ones(self):
        assert all(user.name.startswith("演示") for user in db.session.scalars(select(User)))
