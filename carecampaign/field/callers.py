"""Who is asking: a phone that was let in by a pass, or somebody who is signed in."""

import uuid
from dataclasses import dataclass

from flask import Response, request
from flask_login import current_user

from carecampaign.access.actor import Actor
from carecampaign.access.gate import signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, Phone, PhoneAtEvent
from carecampaign.distributions.queries import get_event_for
from carecampaign.distributions.queries.phones import (
    VALID_AFTER_END,
    events_of_phone,
    find_phone,
)

COOKIE = "station_pass"
LONGEST = VALID_AFTER_END * 20
"""How long a browser keeps the cookie; what it opens runs out with each event's own time."""


PHONE = Actor(id=None, name="phone", grants=())
"""Whoever a pass let in: a name of their own stands beside the entries of their phone."""


class NotLetIn(Exception):
    """Neither a pass nor a sign-in: the phone keeps what it has, and asks its holder."""


@dataclass(frozen=True)
class Caller:
    """A phone by its cookie, or somebody signed in, or both: then the sign-in goes before."""

    phone: Phone | None
    user: Actor | None

    @property
    def actor(self) -> Actor:
        """Who is answerable: whoever is signed in, else the phone."""
        return PHONE if self.user is None else self.user

    def fresh_phone(self) -> Phone | None:
        """Give the phone as the open transaction sees it."""
        return None if self.phone is None else db.session.get(Phone, self.phone.id)

    def places(self) -> list[PhoneAtEvent]:
        """List where the phone may log by its passes."""
        return [] if self.phone is None else list(events_of_phone(self.phone))

    def find_place(self, event_id: int) -> PhoneAtEvent | None:
        """Give the phone's place at an event, None where no pass lets it in there."""
        return next((one for one in self.places() if one.event_id == event_id), None)

    def get_event(self, event_id: int) -> tuple[DistributionEvent, bool]:
        """Get an event to log at, and whether names may go to this phone. Raises NotFound."""
        if self.user is not None:
            return get_event_for(self.user, event_id, Permission.DISTRIBUTIONS_LOG), True
        place = self.find_place(event_id)
        if place is None:
            raise NotLetIn
        return place.event, place.confirmed_at is not None


def caller() -> Caller:
    """Tell who makes this request. Raises NotLetIn."""
    phone = _phone()
    is_user = current_user.is_authenticated and signed_in().can(Permission.DISTRIBUTIONS_LOG)
    user = signed_in() if is_user else None
    if phone is None and user is None:
        raise NotLetIn
    return Caller(phone, user)


def _phone() -> Phone | None:
    phone_id, _dot, secret = request.cookies.get(COOKIE, "").partition(".")
    try:
        return find_phone(uuid.UUID(phone_id), secret)
    except ValueError:
        return None


def let_in(response: Response, phone: Phone, secret: str) -> None:
    """Give a phone its cookie: no script and no other site can read or send it."""
    response.set_cookie(
        COOKIE,
        f"{phone.id}.{secret}",
        expires=clock.now() + LONGEST,
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )
