"""What can be wrong with an event or an entry of its log, in words for the screen."""

from carecampaign.catalogue.models import Item
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l


class CampaignNotRunning(DomainError):
    """Events are planned and opened only in a campaign that is approved or under way."""

    field = "campaign_id"

    def __init__(self) -> None:
        super().__init__(_l("This campaign is not approved yet, or is closed."))


class UnitNotTakingPart(DomainError):
    """The unit is neither the organiser nor a participating unit."""

    field = "unit_id"

    def __init__(self) -> None:
        super().__init__(_l("This unit does not take part in the campaign."))


class PlaceNeeded(DomainError):
    """An event is held at a station or at a place that is named."""

    field = "place"

    def __init__(self) -> None:
        super().__init__(_l("Choose a station, or name another place."))


class OutsideCampaign(DomainError):
    """The day lies before the campaign begins or after it ends."""

    field = "held_on"

    def __init__(self) -> None:
        super().__init__(_l("This day is outside the period of the campaign."))


class EndsBeforeItStarts(DomainError):
    """The end is not after the start."""

    field = "ends_at"

    def __init__(self) -> None:
        super().__init__(_l("The end must be after the start."))


class PlanOutOfBounds(DomainError):
    """A planned number below nothing, or for a group of another campaign."""

    field = "plans"

    def __init__(self) -> None:
        super().__init__(_l("Plan a whole number of packages for groups of this campaign."))


class AlreadyBegun(Conflict):
    """Day, place and unit stand once the event is open or something was handed out."""

    def __init__(self) -> None:
        super().__init__(
            _l("The event has begun: its day, place and unit cannot be changed any more.")
        )


class WrongState(Conflict):
    """The event is not in the state that this needs: somebody was faster."""

    def __init__(self) -> None:
        super().__init__(
            _l("The event is no longer in the state this needs. Look at how it stands now.")
        )


class ChangedMeanwhile(Conflict):
    """Somebody else saved a change to the event after this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Somebody else has changed this event since you opened the page. Look at how it"
                " stands now; when you save again, what stands here is kept."
            )
        )


class NothingMoved(DomainError):
    """Day, time and place are what they were."""

    def __init__(self) -> None:
        super().__init__(_l("Day, time and place are as before: there is nothing to move."))


class HandedOutHere(Conflict):
    """What was handed out was handed out: such an event is closed, not cancelled."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Something was handed out at this event, so it cannot be cancelled: close and"
                " reconcile it instead."
            )
        )


class TargetNeeded(DomainError):
    """Stock is left and nobody said where it goes."""

    field = "target_id"

    def __init__(self) -> None:
        super().__init__(_l("Say where the rest of the stock goes."))


class GapUnexplained(DomainError):
    """Fewer were counted than the books say, and nobody said what became of them."""

    def __init__(self, item: Item, missing: int) -> None:
        super().__init__(
            _l(
                "%(missing)s of %(item)s are missing: say what became of them.",
                missing=missing,
                item=item.name,
            ),
            field=f"gap_{item.id}",
        )


class GroupNeeded(DomainError):
    """What was handed out and not logged must be counted for a group."""

    def __init__(self, field: str) -> None:
        super().__init__(_l("Choose the group that got them."), field=field)


class BooksMoved(DomainError):
    """Something was handed out or brought while the lead counted."""

    def __init__(self, item: Item, on_hand: int) -> None:
        super().__init__(
            _l(
                "While you counted, the books changed: they now say %(on_hand)s of %(item)s."
                " Please count again.",
                on_hand=on_hand,
                item=item.name,
            ),
            field=f"counted_{item.id}",
        )


class CountOutOfBounds(DomainError):
    """A count below nothing."""

    def __init__(self, item: Item) -> None:
        super().__init__(_l("Enter a whole number, zero or more."), field=f"counted_{item.id}")


class OtherContent(Conflict):
    """The id was used before, for something else: the first one stands."""

    def __init__(self) -> None:
        super().__init__(
            _l("Nothing was saved: this entry was sent before with other content. Tap again.")
        )


class NotYours(Conflict):
    """A volunteer takes back only their own entries, and only shortly after."""

    def __init__(self) -> None:
        super().__init__(
            _l("Only the lead can take back this entry now. Tell the lead what is wrong.")
        )


class ReasonNeeded(DomainError):
    """An entry is taken back, or an exception settled, with a reason."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("Say why."))


class AlreadySettled(Conflict):
    """Somebody else has settled this exception."""

    def __init__(self) -> None:
        super().__init__(_l("This exception was settled before."))


class NothingChosen(DomainError):
    """Many were to be settled at once, and none was chosen that still is to be."""

    def __init__(self) -> None:
        super().__init__(_l("Choose what you want to accept."))
