"""Distribution events, the handout log, and what is counted from it."""

from carecampaign.distributions.models.counters import SLOTS, CampaignDay, Served, Tally
from carecampaign.distributions.models.events import (
    DistributionEvent,
    EventPlan,
    EventState,
    EventVolunteer,
)
from carecampaign.distributions.models.handouts import (
    ExceptionReason,
    Handout,
    HandoutException,
    HandoutVoid,
    Outcome,
    Received,
)

__all__ = [
    "SLOTS",
    "CampaignDay",
    "DistributionEvent",
    "EventPlan",
    "EventState",
    "EventVolunteer",
    "ExceptionReason",
    "Handout",
    "HandoutException",
    "HandoutVoid",
    "Outcome",
    "Received",
    "Served",
    "Tally",
]
