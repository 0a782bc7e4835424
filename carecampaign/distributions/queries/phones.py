"""Which phones may log where, and how they stand."""

import hashlib
import hmac
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.sealed import lasting_index
from carecampaign.distributions.models import (
    DistributionEvent,
    EventState,
    Phone,
    PhoneAtEvent,
    StationPass,
)
from carecampaign.distributions.queries.events import is_reached, reach_of
from carecampaign.inventory.models import StockLevel

VALID_AFTER_END = timedelta(hours=72)
"""How long after its end what was tapped at an event may still be sent (OFFLINE.md section 2)."""

HEARD_LATELY = timedelta(minutes=2)


def hash_of(code: str) -> bytes:
    """Give the hash of a random code: nobody tries 128 bits, so it needs no key."""
    return hashlib.sha256(code.encode()).digest()


def pin_digest(event_id: int, pin: str) -> bytes:
    """Give the keyed hash of the six digits at an event: without the key they are soon tried."""
    return lasting_index(f"{event_id} {pin}", "station_pass.pin_digest")


def valid_until(event: DistributionEvent) -> datetime:
    """Give the instant (UTC) until which passes and phones are let in at an event."""
    ends = clock.end_of(event.held_on)
    if event.ends_at is not None:
        ends = datetime.combine(event.held_on, event.ends_at, tzinfo=clock.ZONE)
    return ends + VALID_AFTER_END


def is_over(event: DistributionEvent) -> bool:
    """Say whether no phone is let in at an event any more."""
    return event.state == EventState.CANCELLED or clock.now() > valid_until(event)


def find_pass(code: str) -> StationPass | None:
    """Find the pass of the code in a QR, None where there is none that lets anybody in."""
    return _valid(StationPass.code_digest == hash_of(code))


def find_pass_by_pin(event_id: int, pin: str) -> StationPass | None:
    """Find the pass of an event by its six digits, None where there is none that is valid."""
    digest = pin_digest(event_id, pin)
    return _valid(StationPass.event_id == event_id, StationPass.pin_digest == digest)


def _valid(*conditions: ColumnElement[bool]) -> StationPass | None:
    found = db.session.scalar(
        select(StationPass)
        .where(StationPass.revoked_at.is_(None), *conditions)
        .options(joinedload(StationPass.event).joinedload(DistributionEvent.campaign))
        .limit(1)
    )
    return None if found is None or is_over(found.event) else found


def get_pass(event: DistributionEvent, pass_id: int) -> StationPass:
    """Get a pass of an event. Raises NotFound."""
    found = db.session.get(StationPass, pass_id)
    if found is None or found.event_id != event.id:
        raise NotFound(_l("There is no such pass."))
    return found


def list_passes(event: DistributionEvent) -> Sequence[StationPass]:
    """List the passes of an event that let phones in, the newest first."""
    return db.session.scalars(
        select(StationPass)
        .where(StationPass.event_id == event.id, StationPass.revoked_at.is_(None))
        .options(joinedload(StationPass.created_by))
        .order_by(StationPass.id.desc())
    ).all()


def find_phone(phone_id: uuid.UUID, secret: str) -> Phone | None:
    """Find the phone of a cookie, None where the secret is not its own."""
    phone = db.session.get(Phone, phone_id)
    if phone is None or phone.secret_digest is None:
        return None
    is_its_own = hmac.compare_digest(phone.secret_digest, hash_of(secret))
    return phone if is_its_own else None


def events_of_phone(phone: Phone) -> Sequence[PhoneAtEvent]:
    """List where a phone may log by its passes, with events and campaigns; the latest first."""
    found = db.session.scalars(
        select(PhoneAtEvent)
        .where(PhoneAtEvent.phone_id == phone.id, PhoneAtEvent.revoked_at.is_(None))
        .options(
            joinedload(PhoneAtEvent.event).joinedload(DistributionEvent.campaign),
            joinedload(PhoneAtEvent.event).joinedload(DistributionEvent.unit),
        )
        .order_by(PhoneAtEvent.joined_at.desc())
    ).all()
    return [one for one in found if not is_over(one.event)]


def list_phones(event: DistributionEvent) -> Sequence[PhoneAtEvent]:
    """List the phones at an event, those heard last first."""
    return db.session.scalars(
        select(PhoneAtEvent)
        .join(Phone, PhoneAtEvent.phone_id == Phone.id)
        .where(PhoneAtEvent.event_id == event.id)
        .options(joinedload(PhoneAtEvent.phone).joinedload(Phone.user))
        .order_by(Phone.heard_at.desc(), Phone.id)
    ).all()


def get_phone_at(event: DistributionEvent, phone_id: uuid.UUID) -> PhoneAtEvent:
    """Get a phone at an event. Raises NotFound."""
    found = db.session.get(PhoneAtEvent, (phone_id, event.id))
    if found is None:
        raise NotFound(_l("There is no such phone at this event."))
    return found


def is_heard_lately(phone: Phone) -> bool:
    """Say whether a phone was heard just now: it is on-line."""
    return phone.heard_at > clock.now() - HEARD_LATELY


def allowed_events(
    event_ids: Collection[int], *, phone: Phone | None, user: Actor | None
) -> set[int]:
    """Tell at which of some events a phone may log by its passes, or somebody by their rights."""
    allowed = set()
    if phone is not None:
        allowed = {place.event_id for place in events_of_phone(phone)} & set(event_ids)
    if user is not None:
        reached = select(DistributionEvent.id).where(
            DistributionEvent.id.in_(event_ids),
            is_reached(reach_of(user, Permission.DISTRIBUTIONS_LOG)),
        )
        allowed |= set(db.session.scalars(reached))
    return allowed


def stock_of_events(event_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Give what events have on hand: event id → item id → pieces."""
    stock: dict[int, dict[int, int]] = {event_id: {} for event_id in event_ids}
    rows = db.session.execute(
        select(DistributionEvent.id, StockLevel.item_id, StockLevel.on_hand)
        .join(StockLevel, StockLevel.location_id == DistributionEvent.location_id)
        .where(DistributionEvent.id.in_(event_ids))
    )
    for event_id, item_id, on_hand in rows:
        stock[event_id][item_id] = on_hand
    return stock
