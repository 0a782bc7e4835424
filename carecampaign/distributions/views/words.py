"""What the log says to whoever taps: what was saved, or why not and what to do now."""

from collections.abc import Iterable
from typing import Any

from carecampaign.campaigns.models import RuleKind
from carecampaign.campaigns.rules import in_words
from carecampaign.core.babel import in_language, show_date, show_number, show_time, show_yuan
from carecampaign.core.i18n import _
from carecampaign.distributions.models import ExceptionReason, Handout, Outcome
from carecampaign.distributions.queries import Occasion, Standing
from carecampaign.distributions.services import Broken, Logged, Refusal
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
    return handout.person.as_kept.name if handout.person else in_language(handout.group)


def say_why(broken: Broken) -> str:
    """Say which rule somebody does not meet, and what they were given before."""
    rule = broken.rule
    if broken.reason == Refusal.CONSENT_WITHDRAWN:
        return _("This person has withdrawn their consent: hand out without the name.")
    if rule is not None and rule.most is None:
        return _("Not entitled. %(rule)s.", rule=in_words(rule))
    if rule is None:
        return _(
            "Everybody is served once in this campaign. This person was served before: %(had)s"
            " of 1, last on %(day)s.",
            had=show_number(broken.had),
            day=show_date(broken.last_on),
        )
    words, is_money = in_words(rule), rule.kind is RuleKind.AMOUNT
    show = show_yuan if is_money else show_number
    if broken.last_on is None:
        return _("%(rule)s: this would be %(count)s.", rule=words, count=show(broken.more))
    had = _(
        "%(rule)s: already had %(had)s of %(most)s, last on %(day)s.",
        rule=words,
        had=show(broken.had),
        most=show(rule.most),
        day=show_date(broken.last_on),
    )
    return had + _(" This would be %(more)s more.", more=show(broken.more)) if is_money else had


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
    if broken := [each for each in logged.broken if each.reason == reason]:
        way_out = _("If it was given all the same, tap “Already handed over”.")
        return " ".join([*map(say_why, broken), way_out])
    what_to_do: dict[Refusal | ExceptionReason, str] = {
        Refusal.SERVED_BEFORE: _(
            "This person was served before in this campaign. If it was given again, tap"
            " “Already handed over”."
        ),
        Refusal.NOT_ENTITLED: _(
            "This person is not entitled by the rules of this campaign. If it was given all the"
            " same, tap “Already handed over”."
        ),
        Refusal.CONSENT_WITHDRAWN: _(
            "This person has withdrawn their consent: hand out without the name. If it was"
            " given all the same, tap “Already handed over”."
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
