"""Distribution events, the handout log, and what is counted from it."""

from carecampaign.distributions.models.counters import (
    SLOTS,
    CampaignDay,
    Served,
    ServedHousehold,
    Tally,
)
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
from carecampaign.distributions.models.paper import HandoutOnPaper, PaperSheet
from carecampaign.distributions.models.phones import (
    Phone,
    PhoneAtEvent,
    PhoneEntry,
    PutAside,
    Quarantined,
    StationPass,
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
    "HandoutOnPaper",
    "HandoutVoid",
    "Outcome",
    "PaperSheet",
    "Phone",
    "PhoneAtEvent",
    "PhoneEntry",
    "PutAside",
    "Quarantined",
    "Received",
    "Served",
    "ServedHousehold",
    "StationPass",
    "Tally",
]
