"""Put an entry where it belongs: taken back at one event, logged at another as it happened."""

from uuid import UUID

import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import Actor
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.distributions.models import DistributionEvent, Handout
from carecampaign.distributions.services.handouts import log_handout
from carecampaign.distributions.services.received import Logged
from carecampaign.distributions.services.voids import void_handout
from carecampaign.distributions.taps import Tap


class TakenBackBefore(DomainError):
    """The entry was taken back meanwhile: there is nothing to move."""

    def __init__(self) -> None:
        super().__init__(_l("This entry was taken back meanwhile."))


def move_handout(
    handout: Handout, target: DistributionEvent, *, void_id: UUID, reason: str, by: Actor
) -> Logged:
    """Void an entry and log it at another event of its campaign, at the time it happened.

    It was handed over, so nothing is refused there; what breaks a rule is an exception of that
    event. Raises TakenBackBefore, and what ``void_handout`` and ``log_handout`` raise.
    """
    origin = handout.event
    if not void_handout(handout.id, void_id=void_id, reason=reason, by=by):
        raise TakenBackBefore
    tap = Tap(
        id=uuid_utils.uuid7(),
        item_id=handout.item_id,
        group_id=handout.group_id,
        person_id=handout.person_id,
        quantity=handout.quantity,
        head_count=handout.head_count,
        happened_at=handout.happened_at,
        note=_("Moved from %(place)s, %(day)s", place=origin.place, day=origin.held_on)[:200],
        already_given=True,
    )
    return log_handout(target, tap, by=by)
