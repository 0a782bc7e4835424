"""The JSON interface: thin, over the same services as the pages."""

from typing import Any

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, IntegrityError

from carecampaign.access.gate import public
from carecampaign.api.description import OPENAPI
from carecampaign.api.messages import Message, TooMany, ask_again, read_message, tell
from carecampaign.backups.queries import current_epoch
from carecampaign.core import clock
from carecampaign.core.csrf import same_origin
from carecampaign.core.db import db, transaction
from carecampaign.distributions.queries.phones import allowed_events, stock_of_events
from carecampaign.distributions.services.phones import hear_phone
from carecampaign.distributions.services.syncing import Batch, take
from carecampaign.distributions.taps import NotReadable
from carecampaign.field.callers import Caller, NotLetIn, caller

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

Results = list[dict[str, Any]]

MOST_BYTES = 1_000_000
TRIES = 3
"""The same entries coming in over two ways at once is rare, and over by the second try."""


@blueprint.errorhandler(NotLetIn)
def not_let_in(_error: NotLetIn) -> ResponseReturnValue:
    """Say that neither a pass nor a sign-in came along: the phone keeps its entries."""
    return {"error": "not let in"}, 401


@blueprint.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Describe this interface (OpenAPI 3.1)."""
    return OPENAPI


@blueprint.post("/sync")
@public
@same_origin
def sync() -> ResponseReturnValue:
    """Take what a phone logged without a network; acknowledge once it is committed."""
    if (request.content_length or 0) > MOST_BYTES:
        abort(413)
    asking = caller()
    try:
        message = read_message(request.get_json())
    except TooMany:
        abort(413)
    except NotReadable as error:
        return {"error": str(error)}, 400
    results, allowed = _take_again_and_again(message, asking)
    return {
        "batch_id": str(message.batch_id),
        "server_time": clock.now().isoformat(),
        "epoch": current_epoch(),
        "results": results,
        "stock": stock_of_events(allowed),
    }


def _take_again_and_again(message: Message, asking: Caller) -> tuple[Results, set[int]]:
    for _try in range(TRIES):
        try:
            return _take(message, asking)
        except IntegrityError:
            continue
        except DBAPIError as error:
            current_app.logger.warning("a batch is to be sent again", exc_info=error)
            break
    db.session.rollback()
    return ask_again(message), set()


def _take(message: Message, asking: Caller) -> tuple[Results, set[int]]:
    with transaction():
        phone = asking.fresh_phone()
        allowed = allowed_events(message.event_ids, phone=phone, user=asking.user)
        heard = hear_phone(
            phone,
            message.phone_id,
            queue_length=message.queue_length,
            sent_at=message.sent_at,
            events=allowed,
            by=asking.actor,
        )
        batch = Batch(message.entries, heard, allowed, message.sent_at, asking.actor)
        return tell(take(batch)), allowed
