"""Ask for work, and the steps of doing it once."""

from carecampaign.jobs.services.asking import (
    daily_kinds_due,
    request_daily_job,
    request_job,
)
from carecampaign.jobs.services.kinds import Kind, find_kind, register_kind
from carecampaign.jobs.services.running import (
    LEASE_SECONDS,
    MOST_ATTEMPTS,
    LeaseLost,
    complete,
    fail,
    put_back,
    renew,
    sweep,
    take,
)
from carecampaign.jobs.services.watching import forget_consumer, note_consumer

__all__ = [
    "LEASE_SECONDS",
    "MOST_ATTEMPTS",
    "Kind",
    "LeaseLost",
    "complete",
    "daily_kinds_due",
    "fail",
    "find_kind",
    "forget_consumer",
    "note_consumer",
    "put_back",
    "register_kind",
    "renew",
    "request_daily_job",
    "request_job",
    "sweep",
    "take",
]
