"""The distribution log of an event: filtered, and as a file."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.babel import in_language
from carecampaign.core.urls import page_number
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.queries import get_event_for
from carecampaign.reports import sheets
from carecampaign.reports.forms import LogFilterForm
from carecampaign.reports.queries import handouts
from carecampaign.reports.queries.handouts import LogFilter, Validity
from carecampaign.reports.views.blueprint import blueprint
from carecampaign.reports.views.downloads import send_csv, send_xlsx


@blueprint.get("/reports/events/<id:event_id>/log")
@requires(Permission.REPORTS_VIEW)
def event_log(event_id: int) -> ResponseReturnValue:
    """Show an event's log with filters."""
    event = get_event_for(signed_in(), event_id)
    form = _filter_form(event)
    page = handouts.page_of_log(event, _wanted(form), page=page_number())
    return render_template("reports/event_log.html", event=event, form=form, page=page)


@blueprint.get("/reports/events/<id:event_id>/log.<any(xlsx, csv):kind>")
@requires(Permission.REPORTS_EXPORT)
def export_event_log(event_id: int, kind: str) -> ResponseReturnValue:
    """Download what the filters of an event's log show."""
    event = get_event_for(signed_in(), event_id)
    sheet = sheets.log_sheet(event, handouts.whole_log(event, _wanted(_filter_form(event))))
    return send_csv(event.place, sheet) if kind == "csv" else send_xlsx(event.place, sheet)


def _filter_form(event: DistributionEvent) -> LogFilterForm:
    return LogFilterForm(
        request.args,
        groups=[(group.id, in_language(group)) for group in event.campaign.groups],
        items=[(item.id, item.name) for item in handouts.items_of(event)],
    )


def _wanted(form: LogFilterForm) -> LogFilter:
    """Read the filters; one that makes no sense is left out and shown beside its field."""
    form.validate()
    broken = form.errors
    return LogFilter(
        validity=Validity.ALL if "validity" in broken else Validity(form.validity.data),
        group_id=None if "group_id" in broken else form.group_id.data or None,
        item_id=None if "item_id" in broken else form.item_id.data or None,
        text="" if "text" in broken else form.text.data or "",
        from_day=None if "from_day" in broken else form.from_day.data,
        to_day=None if "to_day" in broken else form.to_day.data,
    )
