"""What a phone says of itself each time it is heard."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from carecampaign.access.actor import Actor
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.limits import LARGEST_ID
from carecampaign.distributions.models import Phone, PhoneAtEvent


def hear_phone(
    phone: Phone | None,
    phone_id: uuid.UUID,
    *,
    queue_length: int,
    sent_at: datetime,
    events: Iterable[int],
    by: Actor,
) -> Phone:
    """Note that a phone is there, how many entries wait on it, and how its clock goes.

    ``phone`` is one let in by a pass; without one it is that of whoever is signed in, known by
    the id it has on itself, also after somebody else has signed in on it.
    """
    heard = phone or db.session.get(Phone, phone_id)
    if heard is None:
        heard = Phone(id=phone_id, secret_digest=None, volunteer="", user_id=by.id)
        db.session.add(heard)
    now = clock.now()
    heard.heard_at = now
    heard.queue_length = min(max(queue_length, 0), LARGEST_ID)
    heard.clock_offset = int((sent_at - now).total_seconds())
    db.session.flush()
    if phone is None:
        for event_id in sorted(events):
            if db.session.get(PhoneAtEvent, (heard.id, event_id)) is None:
                db.session.add(PhoneAtEvent(phone_id=heard.id, event_id=event_id))
        db.session.flush()
    return heard
