"""Guesses that failed of late, by keyed digests of what they count for, and how long to wait."""

import math
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, insert, select

from carecampaign.accounts.models import SignInFailure
from carecampaign.core import clock
from carecampaign.core.db import db

REMEMBERED = timedelta(hours=1)
FIRST_WAIT = 10
LONGEST_WAIT = 300
"""Seconds. The owner of an account under attack waits no longer than that."""


def note_failures(keys: Iterable[str]) -> None:
    """Count one failure for each key."""
    rows = [{"key": key, "created_at": clock.now()} for key in keys]
    db.session.execute(insert(SignInFailure), rows)


def seconds_to_wait(key: str, *, free: int) -> int:
    """Say how long a key has to wait: not at all before its failures are more than ``free``."""
    now = clock.now()
    failures, last = db.session.execute(
        select(func.count(), func.max(SignInFailure.created_at)).where(
            SignInFailure.key == key, SignInFailure.created_at > now - REMEMBERED
        )
    ).one()
    if failures < free:
        return 0
    wait: int = min(FIRST_WAIT * 2 ** min(failures - free, 16), LONGEST_WAIT)
    return max(0, math.ceil(wait - (now - last).total_seconds()))
