"""The only writers of events and their log."""

from carecampaign.distributions.services import verification
from carecampaign.distributions.services.changes import cancel_event, move_event
from carecampaign.distributions.services.closing import (
    Count,
    Gap,
    close_event,
    explain,
    send_back,
)
from carecampaign.distributions.services.counters import counted_on
from carecampaign.distributions.services.errors import (
    AlreadyBegun,
    AlreadySettled,
    BooksMoved,
    CampaignNotRunning,
    ChangedMeanwhile,
    GapUnexplained,
    GroupNeeded,
    HandedOutHere,
    NothingMoved,
    NotYours,
    OtherContent,
    OutsideCampaign,
    ReasonNeeded,
    TargetNeeded,
    UnitNotTakingPart,
    WrongState,
)
from carecampaign.distributions.services.events import (
    create_event,
    edit_event,
    has_begun,
)
from carecampaign.distributions.services.handouts import NoGroup, log_at, log_handout
from carecampaign.distributions.services.opening import Arrived, bring_more, open_event
from carecampaign.distributions.services.plans import (
    Draft,
    FaultyPlan,
    draft_like,
    plan_events,
)
from carecampaign.distributions.services.received import Logged, Refusal
from carecampaign.distributions.services.reserving import reserve_stock
from carecampaign.distributions.services.voids import (
    may_undo,
    settle_exception,
    undo_handout,
    void_handout,
)
from carecampaign.distributions.taps import Tap

__all__ = [
    "AlreadyBegun",
    "AlreadySettled",
    "Arrived",
    "BooksMoved",
    "CampaignNotRunning",
    "ChangedMeanwhile",
    "Count",
    "Draft",
    "FaultyPlan",
    "Gap",
    "GapUnexplained",
    "GroupNeeded",
    "HandedOutHere",
    "Logged",
    "NoGroup",
    "NotYours",
    "NothingMoved",
    "OtherContent",
    "OutsideCampaign",
    "ReasonNeeded",
    "Refusal",
    "Tap",
    "TargetNeeded",
    "UnitNotTakingPart",
    "WrongState",
    "bring_more",
    "cancel_event",
    "close_event",
    "counted_on",
    "create_event",
    "draft_like",
    "edit_event",
    "explain",
    "has_begun",
    "log_at",
    "log_handout",
    "may_undo",
    "move_event",
    "open_event",
    "plan_events",
    "reserve_stock",
    "send_back",
    "settle_exception",
    "undo_handout",
    "verification",
    "void_handout",
]
