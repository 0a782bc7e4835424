"""Guessing is slowed down, never locked out; what goes on is kept in the database."""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import EndedSession, SignInFailure, User
from carecampaign.accounts.queries import Credentials
from carecampaign.accounts.services.throttling import (
    REMEMBERED,
    note_failures,
    seconds_to_wait,
)
from carecampaign.accounts.services.users import home_path
from carecampaign.audit.services import keyed_digest, record
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _n

FREE_PER_NAME = 10
FREE_PER_ADDRESS = 100
"""An office of hundreds may stand behind one address."""
LONGEST_SESSION = timedelta(hours=12)

_A_MINUTE_AND_A_HALF = 90
_IPV6_SITE = 64


class TooManyAttempts(DomainError):
    """There were too many failures of late; ``seconds`` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        if seconds < _A_MINUTE_AND_A_HALF:
            words = _n(
                "Too many attempts to sign in. Please try again in %(num)s second.",
                "Too many attempts to sign in. Please try again in %(num)s seconds.",
                seconds,
            )
        else:
            words = _n(
                "Too many attempts to sign in. Please try again in %(num)s minute.",
                "Too many attempts to sign in. Please try again in %(num)s minutes.",
                math.ceil(seconds / 60),
            )
        super().__init__(words)


@dataclass(frozen=True)
class Attempt:
    """An attempt under way, by the keys it counts for."""

    name_key: str
    address_key: str


def note_attempt(name: str, credentials: Credentials | None, *, address: str | None) -> Attempt:
    """Count an attempt to sign in as failed before the password is looked at.

    So a hundred guesses sent at once count as a hundred; ``forget_attempt`` takes back what
    succeeded. Raises TooManyAttempts while the name or the address has to wait.
    """
    named = f"name:{name.casefold()}" if credentials is None else f"user:{credentials.id}"
    attempt = Attempt(keyed_digest(named), keyed_digest(f"address:{_site(address)}"))
    limits = {attempt.name_key: FREE_PER_NAME, attempt.address_key: FREE_PER_ADDRESS}
    for key in sorted(limits):
        _queue_for(key)
        _check_wait(key, free=limits[key])
    note_failures(sorted(limits))
    return attempt


def forget_attempt(attempt: Attempt) -> None:
    """Take an attempt back that succeeded: the name starts afresh, the address by one less."""
    newest = select(func.max(SignInFailure.id)).where(SignInFailure.key == attempt.address_key)
    db.session.execute(
        delete(SignInFailure).where(
            (SignInFailure.key == attempt.name_key)
            | (SignInFailure.id == newest.scalar_subquery())
            | (SignInFailure.created_at < clock.now() - REMEMBERED)
        )
    )


def note_sign_in(user: User, *, new_hash: str | None) -> None:
    """Log that somebody came in; keep their password's hash made anew, where it was outdated."""
    if new_hash is not None:
        user.password_hash = new_hash
    by = Actor(id=user.id, name=user.name)
    record("accounts.sign_in", user, by=by, name=user.username, path=home_path(user))


def end_session(key: str) -> None:
    """End one session for good, also for whoever copied its cookie."""
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = make(EndedSession).values(key=key, created_at=clock.now())
    db.session.execute(statement.on_conflict_do_nothing())
    db.session.execute(
        delete(EndedSession).where(EndedSession.created_at < clock.now() - LONGEST_SESSION)
    )


def _check_wait(key: str, *, free: int) -> None:
    left = seconds_to_wait(key, free=free)
    if left > 0:
        raise TooManyAttempts(left)


def _queue_for(key: str) -> None:
    """Let attempts on one key wait for one another, so that none is overlooked."""
    if db.engine.dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(key[:16]), signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


def _site(address: str | None) -> str:
    """Give what counts as one address: of IPv6 the first 64 bits, which one site holds."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if parsed.version == 4:  # noqa: PLR2004 - the version of the protocol
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_SITE), strict=False))
