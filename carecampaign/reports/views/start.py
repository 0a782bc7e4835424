"""The start page: what waits, per role."""

from flask import render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import signed_in, signed_in_only
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.reports.queries import overview, worklist
from carecampaign.reports.views.blueprint import blueprint

P = Permission
LISTS = {
    "to_log": (P.DISTRIBUTIONS_LOG, worklist.events_to_log),
    "to_open": (P.DISTRIBUTIONS_LEAD, worklist.events_to_open),
    "left_open": (P.DISTRIBUTIONS_LEAD, worklist.events_left_open),
    "to_settle": (P.DISTRIBUTIONS_SETTLE, worklist.exceptions_to_settle),
    "to_approve": (P.CAMPAIGNS_APPROVE, worklist.campaigns_to_approve),
    "to_work_on": (P.CAMPAIGNS_PLAN, worklist.campaigns_to_work_on),
    "arrivals": (P.INVENTORY_ACCEPT, worklist.arrivals_to_confirm),
    "to_come": (P.DISTRIBUTIONS_VIEW, worklist.events_to_come),
}
"""The lists of what waits: who gets each, and what fills it."""


@blueprint.get("/")
@signed_in_only
def start() -> ResponseReturnValue:
    """Show what waits for the person signed in, and how their campaigns stand."""
    actor = signed_in()
    waiting = {
        name: fill(actor) for name, (permission, fill) in LISTS.items() if actor.can(permission)
    }
    under_way = worklist.campaigns_under_way(actor) if actor.can(P.CAMPAIGNS_VIEW) else ()
    return render_template(
        "reports/start.html",
        today=clock.today(),
        waiting={name: rows for name, rows in waiting.items() if rows},
        under_way=under_way,
        figures=overview.figures_of(under_way),
    )
