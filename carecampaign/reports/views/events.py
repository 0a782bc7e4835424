"""The distribution log of an event."""

from flask import request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.babel import in_language, show_date
from carecampaign.core.listing import show_list
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.queries import get_event_for
from carecampaign.reports.forms import LogFilterForm
from carecampaign.reports.queries import handouts
from carecampaign.reports.queries.handouts import LogFilter
from carecampaign.reports.views.blueprint import blueprint


@blueprint.get("/reports/events/<id:event_id>/log")
@requires(Permission.REPORTS_VIEW)
def event_log(event_id: int) -> ResponseReturnValue:
    """Show an event's log with filters; staff take it away as a file."""
    event = get_event_for(signed_in(), event_id)
    form = _filter_form(event)
    matching = handouts.log_of(event, LogFilter(**form.valid_values()))
    return show_list(
        "reports/event_log.html",
        handouts.LOG,
        matching,
        form=form,
        may_export=signed_in().can(Permission.REPORTS_EXPORT),
        title=f"{event.place} {show_date(event.held_on)}",
        event=event,
    )


def _filter_form(event: DistributionEvent) -> LogFilterForm:
    return LogFilterForm(
        request.args,
        groups=[(group.id, in_language(group)) for group in event.campaign.groups],
        items=[(item.id, item.name) for item in handouts.items_of(event)],
    )
