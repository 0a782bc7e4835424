"""The start page: what waits, what is late, what comes next, for whoever is signed in."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import signed_in, signed_in_only
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.distributions.models import DistributionEvent
from carecampaign.reports.queries import overview, stock_work, worklist
from carecampaign.reports.queries.bounded import NOTHING, Few
from carecampaign.reports.views.blueprint import blueprint

P = Permission
LISTS: dict[str, tuple[Permission, Callable[[Actor], Few[Any]]]] = {
    "to_log": (P.DISTRIBUTIONS_LOG, worklist.events_to_log),
    "overdue": (P.DISTRIBUTIONS_LEAD, worklist.events_overdue),
    "to_open": (P.DISTRIBUTIONS_LEAD, worklist.events_to_open),
    "to_settle": (P.DISTRIBUTIONS_SETTLE, worklist.exceptions_to_settle),
    "to_approve": (P.CAMPAIGNS_APPROVE, worklist.campaigns_to_approve),
    "to_decide": (P.INVENTORY_APPROVE, stock_work.papers_to_decide),
    "exports_to_decide": (P.PRIVACY_APPROVE, worklist.exports_to_decide),
    "exports_to_fetch": (P.BENEFICIARIES_REVEAL, worklist.exports_to_fetch),
    "to_carry_out": (P.INVENTORY_COUNT, stock_work.papers_to_carry_out),
    "to_work_on": (P.CAMPAIGNS_PLAN, worklist.campaigns_to_work_on),
    "low_stock": (P.INVENTORY_KEEP, stock_work.low_stock),
    "expiring": (P.INVENTORY_KEEP, stock_work.expiring_stock),
    "arrivals": (P.INVENTORY_ACCEPT, worklist.arrivals_to_confirm),
    "changed": (P.DISTRIBUTIONS_LOG, worklist.events_changed),
    "to_come": (P.DISTRIBUTIONS_VIEW, worklist.events_to_come),
    "under_way": (P.CAMPAIGNS_VIEW, worklist.campaigns_under_way),
}
"""The lists of the page: who gets each, and what fills it. Somebody of several roles gets all."""


NO_WORK = frozenset({"changed", "to_come", "under_way"})
"""Those of the lists that ask for nothing to be done."""


@blueprint.get("/")
@signed_in_only
def start() -> ResponseReturnValue:
    """Show what waits for the person signed in, and how their campaigns stand."""
    actor = signed_in()
    lists = _lists_for(actor)
    under_way = lists["under_way"].rows
    is_quiet = not any(few.rows for name, few in lists.items() if name not in NO_WORK)
    the_one = _event_of_today(actor, lists)
    return render_template(
        "reports/start.html",
        today=clock.today(),
        yesterday=clock.today() - timedelta(days=1),
        week_from_now=clock.today() + worklist.WEEK,
        is_late_on_the_way=worklist.is_late_on_the_way,
        figures=overview.figures_of(under_way) if under_way else {},
        is_quiet=is_quiet,
        the_one=the_one,
        next_event=_next_event(actor, lists) if is_quiet else None,
        **lists,
    )


def _lists_for(actor: Actor) -> dict[str, Few[Any]]:
    lists = {
        name: fill(actor) if actor.can(permission) else NOTHING
        for name, (permission, fill) in LISTS.items()
    }
    # Who opens an event today finds it there, and need not read of it twice.
    opened_here = {event.id for event in lists["to_open"].rows}
    lists["to_come"] = lists["to_come"].only(lambda event: event.id not in opened_here)
    return lists


def _event_of_today(actor: Actor, lists: dict[str, Few[Any]]) -> DistributionEvent | None:
    """Take the one event out of the lists at which somebody hands out today: the big button."""
    if not actor.holds_at_stations(P.DISTRIBUTIONS_LOG):
        return None
    to_log: Sequence[DistributionEvent] = lists["to_log"].rows
    found = [event for event in to_log if event.held_on == clock.today()]
    if len(found) != 1:
        return None
    lists["to_log"] = lists["to_log"].only(lambda event: event is not found[0])
    return found[0]


def _next_event(actor: Actor, lists: dict[str, Few[Any]]) -> DistributionEvent | None:
    """Give the next event of whoever has nothing to do, unless the page shows it anyway."""
    if lists["to_come"].rows or not actor.can(P.DISTRIBUTIONS_VIEW):
        return None
    return worklist.next_event(actor)
