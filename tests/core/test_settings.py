"""Settings come from the environment; a production start without secrets stops at once."""

import os
import subprocess
import sys

import pytest

from carecampaign.core import settings
from carecampaign.core.settings import ROOT, MissingSetting, from_environment

SECRETS = {"SECRET_KEY": "s", "DATA_KEY": "d"}


@pytest.fixture(autouse=True)
def instance(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "INSTANCE", tmp_path / "instance")
    return tmp_path / "instance"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEY"])
def test_a_missing_secret_is_named(name):
    given = {key: value for key, value in SECRETS.items() if key != name}

    with pytest.raises(MissingSetting, match=f"^{name} is not set"):
        from_environment(given)


def test_a_start_without_secrets_stops_with_one_clear_line():
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in {"SECRET_KEY", "DATA_KEY", "DEMO"}
    }

    for command in (["-c", "import wsgi"], ["-m", "flask", "--app", "wsgi", "audit", "verify"]):
        done = subprocess.run(
            [sys.executable, *command],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            "SECRET_KEY is not set: set it to a long random text (see docs/operating.md)."
        ]


def test_what_is_given_is_used(instance):
    config = from_environment(
        SECRETS
        | {
            "DATABASE_URL": "postgresql://x",
            "REDIS_URL": "redis://x",
            "QUEUE_FILE": "/q",
            "HTTPS": "1",
            "TRUSTED_PROXIES": "2",
        }
    )

    assert config == {
        "SQLALCHEMY_DATABASE_URI": "postgresql://x",
        "SECRET_KEY": "s",
        "DATA_KEY": "d",
        "DATA_KEY_PREVIOUS": [],
        "REDIS_URL": "redis://x",
        "QUEUE_FILE": "/q",
        "FILES_FOLDER": None,
        "SESSION_COOKIE_SECURE": True,
        "TRUSTED_PROXIES": 2,
        "METRICS": False,
        "MAP_TILES_URL": None,
        "MAP_TILES_ATTRIBUTION": None,
        "MAP_BOUNDARY_FILE": None,
        "DEMO": False,
    }


def test_without_more_it_is_embedded(instance):
    config = from_environment(SECRETS)

    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{instance / 'carecampaign.db'}"
    assert config["QUEUE_FILE"] == str(instance / "queue.db")
    assert config["REDIS_URL"] is None


def test_the_demo_makes_its_own_secrets_and_keeps_them(instance):
    first = from_environment({"DEMO": "1"})
    second = from_environment({"DEMO": "1"})

    assert first["SECRET_KEY"] == second["SECRET_KEY"] != first["DATA_KEY"]
    assert len(first["SECRET_KEY"]) >= 48
    kept = instance / "demo-secret-key"
    assert kept.stat().st_mode & 0o077 == 0
