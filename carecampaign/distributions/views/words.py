"""What the log says to whoever taps: what was saved, or why not and what to do now."""

from collections.abc import Iterable
from typing import Any

from carecampaign.core.babel import in_language, show_time
from carecampaign.core.i18n import _
from carecampaign.distributions.models import ExceptionReason, Handout, Outcome
from carecampaign.distributions.queries import Occasion, Standing
from carecampaign.distributions.services import Logged, Refusal
from carecampaign.distributions.taps import Tap


def tell(logged: Logged, occasion: Occasion, tap: Tap) -> str:
    """Give what became of a tap, in one sentence or two."""
    if logged.outcome == Outcome.REFUSED:
        return " ".join(_refused(reason, logged, occasion) for reason in logged.reasons)
    if logged.outcome == Outcome.FLAGGED:
        return _("Saved, for the lead to settle: %(why)s.", why=_listed(logged.reasons))
    if logged.is_repeat:
        return _("Saved before: it was counted once.")
    who, item = _who(logged, occasion, tap), occasion.thing.name
    if tap.head_count == 0:
        return _(
            "Saved: %(quantity)s more of %(item)s, nobody counted again.",
            quantity=tap.quantity,
            item=item,
        )
    return _("Saved: %(who)s +%(count)s", who=who, count=tap.head_count)


def entry_of(logged: Logged, occasion: Occasion, tap: Tap) -> dict[str, Any] | None:
    """Give the line of the log that a tap added; None where it added none."""
    if logged.outcome == Outcome.REFUSED:
        return None
    return {
        "id": str(logged.id),
        "who": _who(logged, occasion, tap),
        "item": occasion.thing.name,
        "quantity": tap.quantity,
        "head_count": tap.head_count,
        "at": show_time(logged.recorded_at),
        "is_flagged": logged.outcome == Outcome.FLAGGED,
    }


def figures_of(standing: Standing) -> dict[str, Any]:
    """Give how an event stands, for the phone's counters."""
    return {
        "stock": [
            {"item_id": item_id, "on_hand": on_hand} for item_id, on_hand in standing.stock.items()
        ],
        "groups": [
            {"group_id": group_id, "person_times": times}
            for group_id, times in standing.groups.items()
        ],
        "totals": {"person_times": standing.person_times, "quantity": standing.quantity},
    }


def describe(handout: Handout) -> str:
    """Give whom an entry of the log is about."""
    return handout.person.name if handout.person else in_language(handout.group)


def _who(logged: Logged, occasion: Occasion, tap: Tap) -> str:
    if occasion.group is not None and tap.person_id is None:
        return in_language(occasion.group)
    handout = logged.handout
    return describe(handout) if handout is not None else ""


def _listed(reasons: Iterable[Refusal | ExceptionReason]) -> str:
    return " · ".join(str(reason.label) for reason in reasons)


def _refused(reason: Refusal | ExceptionReason, logged: Logged, occasion: Occasion) -> str:
    if reason == Refusal.OUT_OF_STOCK and logged.on_hand:
        return _(
            "Only %(on_hand)s of %(item)s left here: give fewer, ask the lead to bring more,"
            " or tap “Already handed over” if it was given.",
            on_hand=logged.on_hand,
            item=occasion.thing.name,
        )
    if reason == Refusal.OUT_OF_STOCK:
        return _(
            "No %(item)s left here: ask the lead to bring more, or tap “Already handed over”"
            " if it was given.",
            item=occasion.thing.name,
        )
    what_to_do: dict[Refusal | ExceptionReason, str] = {
        Refusal.SERVED_BEFORE: _(
            "This person was served before in this campaign. If it was given again, tap"
            " “Already handed over”."
        ),
        Refusal.NOT_OPEN: _(
            "The event is not open yet: ask the lead to open it, or tap “Already handed over”"
            " if it was given."
        ),
        Refusal.CLOSED: _(
            "The event is closed. If it was given, tap “Already handed over”: the lead will"
            " settle it."
        ),
    }
    return what_to_do[reason]
