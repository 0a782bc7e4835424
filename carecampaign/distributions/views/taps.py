"""The phone's endpoint: one tap in, one answer out, as JSON."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires
from carecampaign.access.permissions import Permission
from carecampaign.core.errors import DomainError, NotFound
from carecampaign.core.i18n import _
from carecampaign.distributions import queries
from carecampaign.distributions.models import Outcome
from carecampaign.distributions.queries import Standing
from carecampaign.distributions.services import Logged, OtherContent
from carecampaign.distributions.taps import Tap, read_tap
from carecampaign.distributions.views.blueprint import blueprint
from carecampaign.distributions.views.logging import log_tap
from carecampaign.distributions.views.words import entry_of, figures_of, tell

CONFLICT = 409
UNREADABLE = 422


@blueprint.post("/<id:event_id>/tap")
@requires(Permission.DISTRIBUTIONS_LOG)
def tap(event_id: int) -> ResponseReturnValue:
    """Log one handing over; 409 when it is refused, with the same shape and what to do."""
    payload = request.get_json(silent=True)
    if not isinstance(payload, dict):
        return _wrong(_("Nothing was saved: the message is not readable."), UNREADABLE)
    try:
        message = read_tap(payload)
        occasion, logged = log_tap(event_id, message)
    except OtherContent as error:
        return _wrong(str(error), CONFLICT, id=str(message.id))
    except NotFound:
        raise
    except DomainError as error:
        return _wrong(str(error), UNREADABLE, field=error.field)
    standing = logged.standing or queries.standing_of(event_id, occasion.location_id)
    answer = _answer(occasion, message, logged, standing)
    return answer, CONFLICT if logged.outcome == Outcome.REFUSED else 200


def _answer(
    occasion: queries.Occasion, message: Tap, logged: Logged, standing: Standing
) -> dict[str, Any]:
    """Give what the phone shows. ``id`` tells it that it was we who answered."""
    return {
        "id": str(message.id),
        "outcome": logged.outcome,
        "message": tell(logged, occasion, message),
        "reasons": list(logged.reasons),
        **figures_of(standing),
        "entry": entry_of(logged, occasion, message),
    }


def _wrong(message: str, code: int, **more: Any) -> ResponseReturnValue:  # noqa: ANN401 - JSON
    return {
        "outcome": "conflict" if code == CONFLICT else "invalid",
        "message": message,
    } | more, code
