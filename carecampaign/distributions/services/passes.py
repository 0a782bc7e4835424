"""Let phones in by a pass, for one event, to add to its log and nothing more."""

import secrets
from dataclasses import dataclass, field

import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import Actor
from carecampaign.accounts.services.throttling import note_failures, seconds_to_wait
from carecampaign.audit import services as audit
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l, _n
from carecampaign.distributions.models import (
    DistributionEvent,
    Phone,
    PhoneAtEvent,
    StationPass,
)
from carecampaign.distributions.queries.phones import (
    find_pass_by_pin,
    hash_of,
    is_over,
    pin_digest,
)
from carecampaign.distributions.services.errors import WrongState

CODE_BYTES = 16
PIN_LENGTH = 6
FREE_PINS = 10
"""Wrong digits that may be typed at one event within an hour before it slows down."""


class WrongPin(DomainError):
    """There is no pass with these digits at this event."""

    field = "pin"

    def __init__(self) -> None:
        super().__init__(_l("No pass of this event has these digits. Ask the station lead."))


class TooManyPins(DomainError):
    """Too many wrong digits were typed at an event of late; ``seconds`` says how long to wait."""

    field = "pin"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        words = _n(
            "Too many wrong digits. Please try again in %(num)s second.",
            "Too many wrong digits. Please try again in %(num)s seconds.",
            seconds,
        )
        super().__init__(words)


@dataclass(frozen=True)
class Issued:
    """A new pass with what is shown of it once: the code of the QR, and six digits."""

    station_pass: StationPass
    code: str = field(repr=False)
    pin: str = field(repr=False)


def issue_pass(event: DistributionEvent, *, by: Actor) -> Issued:
    """Make a pass beside those there are. Raises WrongState when the event's time is over."""
    if is_over(event):
        raise WrongState
    code = secrets.token_urlsafe(CODE_BYTES)
    pin = f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}d}"
    issued = StationPass(
        event_id=event.id,
        code_digest=hash_of(code),
        pin_digest=pin_digest(event.id, pin),
        created_by_id=by.id,
    )
    db.session.add(issued)
    db.session.flush()
    _record("distributions.issue_pass", event, by=by)
    return Issued(issued, code, pin)


def revoke_pass(station_pass: StationPass, *, by: Actor) -> None:
    """Let nobody in with a pass any more; phones that are in stay."""
    if station_pass.revoked_at is not None:
        return
    station_pass.revoked_at = clock.now()
    station_pass.revoked_by_id = by.id
    _record("distributions.revoke_pass", station_pass.event, by=by)
    db.session.flush()


def check_may_type(event_id: int) -> None:
    """Make sure that digits may be tried at an event. Raises TooManyPins."""
    seconds = seconds_to_wait(_key(event_id), free=FREE_PINS)
    if seconds:
        raise TooManyPins(seconds)


def pass_by_pin(event_id: int, pin: str) -> StationPass | None:
    """Give the pass that was typed; wrong digits count against the event's, and give None."""
    found = find_pass_by_pin(event_id, pin)
    if found is None:
        note_failures([_key(event_id)])
    return found


def join(station_pass: StationPass, phone: Phone | None, *, volunteer: str) -> tuple[Phone, str]:
    """Let a phone in at the event of a pass, under the name for its log.

    ``phone`` is one that was let in elsewhere before, and stays the same. Gives it with the
    secret for its cookie, a new one each time.
    """
    secret = secrets.token_urlsafe(CODE_BYTES)
    if phone is None:
        phone = Phone(id=uuid_utils.uuid7(), user_id=None)
        db.session.add(phone)
    phone.secret_digest = hash_of(secret)
    phone.volunteer = volunteer
    phone.heard_at = clock.now()
    db.session.flush()
    if db.session.get(PhoneAtEvent, (phone.id, station_pass.event_id)) is None:
        db.session.add(
            PhoneAtEvent(
                phone_id=phone.id, event_id=station_pass.event_id, pass_id=station_pass.id
            )
        )
        db.session.flush()
    return phone, secret


def confirm_phone(at_event: PhoneAtEvent, *, by: Actor) -> None:
    """Let the names of the event's people go to a phone that the lead knows."""
    if at_event.confirmed_at is None:
        at_event.confirmed_at = clock.now()
        at_event.confirmed_by_id = by.id
        _record("distributions.confirm_phone", at_event.event, by=by)
        db.session.flush()


def revoke_phone(at_event: PhoneAtEvent, *, by: Actor) -> None:
    """Take nothing more from a phone at an event, and give it nothing."""
    if at_event.revoked_at is None:
        at_event.revoked_at = clock.now()
        at_event.revoked_by_id = by.id
        _record("distributions.revoke_phone", at_event.event, by=by)
        db.session.flush()


def _record(action: str, event: DistributionEvent, *, by: Actor) -> None:
    audit.record(action, event, by=by, name=event.place, path=event.unit.path)


def _key(event_id: int) -> str:
    return audit.keyed_digest(f"digits of event {event_id}")
