"""What a phone needs to log without a network: its events, and all of one of them."""

from typing import Any

from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public
from carecampaign.backups.queries import current_epoch
from carecampaign.core import clock
from carecampaign.distributions.models import DistributionEvent
from carecampaign.field import queries
from carecampaign.field.callers import Caller, NotLetIn, caller
from carecampaign.field.views.blueprint import blueprint


@blueprint.errorhandler(NotLetIn)
def not_let_in(_error: NotLetIn) -> ResponseReturnValue:
    """Say that neither a pass nor a sign-in came along."""
    return {"error": "not let in"}, 401


@blueprint.get("/events")
@public
def events() -> ResponseReturnValue:
    """List where the phone may log: by its passes, and what somebody signed in is assigned to."""
    asking = caller()
    found = [place.event for place in asking.places()]
    if asking.user is not None:
        known = {event.id for event in found}
        found += [it for it in queries.events_for(asking.user) if it.id not in known]
    return {
        **_head(asking),
        "events": [_facts(event) for event in found],
    }


@blueprint.get("/events/<id:event_id>.json")
@public
def working_set(event_id: int) -> ResponseReturnValue:
    """Give all that logging at an event takes."""
    asking = caller()
    event, _may_have_names = asking.get_event(event_id)
    return {
        **_head(asking),
        "event": _facts(event),
        **queries.working_set(event),
    }


def _head(asking: Caller) -> dict[str, Any]:
    phone = None
    if asking.phone is not None:
        phone = {"id": str(asking.phone.id), "volunteer": asking.phone.volunteer}
    return {
        "epoch": current_epoch(),
        "server_time": clock.now().isoformat(),
        "phone": phone,
    }


def _facts(event: DistributionEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "place": event.place,
        "campaign": event.campaign.name,
        "unit": event.unit.name,
        "held_on": event.held_on.isoformat(),
        "starts_at": event.starts_at and event.starts_at.isoformat("minutes"),
        "ends_at": event.ends_at and event.ends_at.isoformat("minutes"),
        "state": event.state.value,
    }
