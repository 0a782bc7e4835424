"""Settings come from environment variables; docs/operating.md lists them all."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from carecampaign.core.headers import tile_host
from carecampaign.core.secrets import DataKey

ROOT = Path(__file__).parent.parent.parent
INSTANCE = ROOT / "instance"
MIGRATIONS = ROOT / "carecampaign" / "migrations"


class MissingSetting(SystemExit):
    """A production start without a needed secret stops with one clear line."""


class WrongSetting(SystemExit):
    """A start with a setting that cannot be meant stops with one clear line."""


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read the settings of this installation.

    ``DEMO=1`` (as ``make run`` sets it) makes and keeps secrets of its own under
    ``instance/``. Raises MissingSetting when a secret is needed and not given.
    """
    is_demo = environ.get("DEMO") == "1"
    INSTANCE.mkdir(exist_ok=True)
    return {
        "SQLALCHEMY_DATABASE_URI": environ.get("DATABASE_URL")
        or f"sqlite:///{INSTANCE / 'carecampaign.db'}",
        "SECRET_KEY": _secret("SECRET_KEY", environ, is_demo=is_demo),
        "DATA_KEY": _secret("DATA_KEY", environ, is_demo=is_demo),
        "DATA_KEY_PREVIOUS": _previous_keys(environ),
        "REDIS_URL": environ.get("REDIS_URL"),
        "QUEUE_FILE": environ.get("QUEUE_FILE") or str(INSTANCE / "queue.db"),
        "FILES_FOLDER": environ.get("FILES_FOLDER"),
        "SESSION_COOKIE_SECURE": environ.get("HTTPS") == "1",
        "TRUSTED_PROXIES": int(environ.get("TRUSTED_PROXIES", "0")),
        "METRICS": environ.get("METRICS") == "1",
        "MAP_TILES_URL": _tiles_url(environ),
        "MAP_TILES_ATTRIBUTION": environ.get("MAP_TILES_ATTRIBUTION"),
        "MAP_BOUNDARY_FILE": _boundary_file(environ),
        "DEMO": is_demo,
    }


def _secret(name: str, environ: Mapping[str, str], *, is_demo: bool) -> str:
    if environ.get(name):
        return environ[name]
    if not is_demo:
        message = f"{name} is not set: set it to a long random text (see docs/operating.md)."
        raise MissingSetting(message)
    path = INSTANCE / f"demo-{name.lower().replace('_', '-')}"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


def _previous_keys(environ: Mapping[str, str]) -> list[str]:
    """Read the keys used before, parted by spaces, the newest first."""
    previous = environ.get("DATA_KEY_PREVIOUS", "").split()
    keys = {environ.get("DATA_KEY", ""), *previous}
    if previous and len({DataKey(key.encode()).id for key in keys}) < len(keys):
        message = "DATA_KEY cannot be told from one in DATA_KEY_PREVIOUS: choose another one."
        raise WrongSetting(message)
    return previous


def _tiles_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("MAP_TILES_URL") or None
    if url is not None:
        try:
            tile_host(url)
        except ValueError as error:
            message = "MAP_TILES_URL is no address of tiles, such as https://host/{z}/{x}/{y}.png."
            raise WrongSetting(message) from error
    return url


def _boundary_file(environ: Mapping[str, str]) -> str | None:
    path = environ.get("MAP_BOUNDARY_FILE") or None
    if path is not None and not Path(path).is_file():
        message = f"MAP_BOUNDARY_FILE names no file: {path}"
        raise WrongSetting(message)
    return path
