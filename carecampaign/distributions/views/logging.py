"""One way to log a tap, whatever it came as: a message of a phone, or a form."""

from carecampaign.access.gate import signed_in
from carecampaign.core import clock
from carecampaign.core.db import transaction
from carecampaign.core.hot import write_alone
from carecampaign.distributions import queries, services
from carecampaign.distributions.queries import Occasion
from carecampaign.distributions.services import Logged
from carecampaign.distributions.taps import Tap


def log_tap(event_id: int, tap: Tap) -> tuple[Occasion, Logged]:
    """Log a tap as the person signed in, and commit it; give the event as the tap found it.

    Raises NotFound and what ``services.log_at`` raises.
    """
    return (tap.is_ordinary and _log_at_once(event_id, tap)) or _log(event_id, tap)


def _log_at_once(event_id: int, tap: Tap) -> tuple[Occasion, Logged] | None:
    """Log an ordinary tap as one statement, as nearly all are; None where it takes more."""
    actor, now = signed_in(), clock.now()
    outlook = queries.get_outlook_for(actor, event_id, tap, today=clock.local_date(now))
    plan = services.plan_at_once(outlook, tap, by=actor, at=now)
    if plan is None:
        return None
    answer = write_alone(plan.steps, plan.values, question=plan.question)
    return None if answer is None else (outlook.occasion, plan.logged(answer))


def _log(event_id: int, tap: Tap) -> tuple[Occasion, Logged]:
    with transaction():
        occasion = queries.get_occasion_for(
            signed_in(), event_id, tap, is_locked=tap.already_given
        )
        return occasion, services.log_at(occasion, tap, by=signed_in())
