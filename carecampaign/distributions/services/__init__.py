"""The only writers of events and their log."""

from carecampaign.distributions.services import verification
from carecampaign.distributions.services.at_once import AtOnce, plan_at_once
from carecampaign.distributions.services.changes import cancel_event, move_event
from carecampaign.distributions.services.closing import (
    Count,
    Gap,
    close_event,
    explain,
    send_back,
)
from carecampaign.distributions.services.counters import counted_on
from carecampaign.distributions.services.entitlement import (
    MayNotOverride,
    foresee,
    may_be_overridden,
)
from carecampaign.distributions.services.errors import (
    AlreadyBegun,
    AlreadySettled,
    BooksMoved,
    CampaignNotRunning,
    ChangedMeanwhile,
    GapUnexplained,
    GroupNeeded,
    HandedOutHere,
    NothingChosen,
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
from carecampaign.distributions.services.folding import fold_served
from carecampaign.distributions.services.handouts import NoGroup, log_at, log_handout
from carecampaign.distributions.services.moving import TakenBackBefore, move_handout
from carecampaign.distributions.services.opening import Arrived, bring_more, open_event
from carecampaign.distributions.services.paper import NothingOnPaper, enter_sheet
from carecampaign.distributions.services.passes import (
    Issued,
    TooManyPins,
    WrongPin,
    confirm_phone,
    issue_pass,
    revoke_pass,
    revoke_phone,
)
from carecampaign.distributions.services.plans import (
    Draft,
    FaultyPlan,
    draft_like,
    plan_events,
)
from carecampaign.distributions.services.received import Logged
from carecampaign.distributions.services.refusals import Broken, Refusal
from carecampaign.distributions.services.reserving import reserve_stock
from carecampaign.distributions.services.voids import (
    may_undo,
    settle_exception,
    settle_put_aside,
    undo_handout,
    void_handout,
)
from carecampaign.distributions.taps import Tap

__all__ = [
    "AlreadyBegun",
    "AlreadySettled",
    "Arrived",
    "AtOnce",
    "BooksMoved",
    "Broken",
    "CampaignNotRunning",
    "ChangedMeanwhile",
    "Count",
    "Draft",
    "FaultyPlan",
    "Gap",
    "GapUnexplained",
    "GroupNeeded",
    "HandedOutHere",
    "Issued",
    "Logged",
    "MayNotOverride",
    "NoGroup",
    "NotYours",
    "NothingChosen",
    "NothingMoved",
    "NothingOnPaper",
    "OtherContent",
    "OutsideCampaign",
    "ReasonNeeded",
    "Refusal",
    "TakenBackBefore",
    "Tap",
    "TargetNeeded",
    "TooManyPins",
    "UnitNotTakingPart",
    "WrongPin",
    "WrongState",
    "bring_more",
    "cancel_event",
    "close_event",
    "confirm_phone",
    "counted_on",
    "create_event",
    "draft_like",
    "edit_event",
    "enter_sheet",
    "explain",
    "fold_served",
    "foresee",
    "has_begun",
    "issue_pass",
    "log_at",
    "log_handout",
    "may_be_overridden",
    "may_undo",
    "move_event",
    "move_handout",
    "open_event",
    "plan_at_once",
    "plan_events",
    "reserve_stock",
    "revoke_pass",
    "revoke_phone",
    "send_back",
    "settle_exception",
    "settle_put_aside",
    "undo_handout",
    "verification",
    "void_handout",
]
