"""The blueprint, and what its pages share."""

from typing import Any

from flask import Blueprint

from carecampaign.access.gate import signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import Form
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import DistributionEvent, EventState

LEAD = Permission.DISTRIBUTIONS_LEAD

blueprint = Blueprint("distributions", __name__, url_prefix="/events")


def status_of(form: Form) -> int:
    """Give the status of a page with a form: 422 when something in it is wrong."""
    return 422 if form.errors else 200


def event_in(event_id: int, state: EventState) -> DistributionEvent:
    """Get an event to lead. Raises WrongState when it is in another state."""
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    if event.state != state:
        raise services.WrongState
    return event


def event_to_change(event_id: int) -> DistributionEvent:
    """Get an event whose plan can be changed. Raises WrongState when it is over."""
    event = queries.get_event_for(signed_in(), event_id, Permission.DISTRIBUTIONS_PLAN)
    if event.state not in {EventState.PLANNED, EventState.OPEN}:
        raise services.WrongState
    return event


def whereabouts(event: DistributionEvent) -> dict[str, object]:
    """Give where and when an event is held, as the fields of a form."""
    is_elsewhere = event.station is None or event.place != event.station.name
    return {
        "held_on": event.held_on,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "station_id": event.station_id,
        "place": event.place if is_elsewhere else "",
        "revision": event.revision,
    }


def reject(form: Form, error: DomainError, event: DistributionEvent) -> None:
    """Show a broken rule on the form; who was told of another's change may then save over it."""
    form.reject(error)
    if isinstance(error, services.ChangedMeanwhile):
        form.revision.data = event.revision


def rights_at(event: DistributionEvent) -> dict[str, bool]:
    """Say what the person signed in may do at an event: which buttons there are."""
    wanted = {
        "may_plan": Permission.DISTRIBUTIONS_PLAN,
        "may_lead": Permission.DISTRIBUTIONS_LEAD,
        "may_log": Permission.DISTRIBUTIONS_LOG,
        "may_settle": Permission.DISTRIBUTIONS_SETTLE,
    }
    actor = signed_in()
    return {name: queries.reaches(actor, event, right) for name, right in wanted.items()}


def chosen(rows: Any, key: Any) -> Any:  # noqa: ANN401 - rows of any table with an id
    """Give the row that was chosen in a select, None where none was."""
    return next((row for row in rows if row.id == key), None)
