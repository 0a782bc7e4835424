"""Invite people by a link that opens once."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, update

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import Invitation, User
from carecampaign.accounts.services.users import (
    IsInactive,
    check_control,
    home_path,
    set_password,
)
from carecampaign.audit.services import record
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l

VALID_FOR = timedelta(days=7)


class InvitationOver(DomainError):
    """The link was used, replaced by a newer one, or is too old."""

    def __init__(self) -> None:
        super().__init__(_l("This link is no longer valid."))


def invite(user: User, *, by: Actor) -> str:
    """Give the token of a link with which ``user`` sets a password, once, within 7 days.

    Only its digest is kept, so it can be shown this once only. Earlier links end.
    Raises BeyondReach and IsInactive.
    """
    check_control(user, by)
    if not user.is_active:
        raise IsInactive
    db.session.execute(
        delete(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    )
    token = secrets.token_urlsafe(32)
    db.session.add(
        Invitation(
            user_id=user.id,
            token_digest=digest_of_token(token),
            expires_at=clock.now() + VALID_FOR,
        )
    )
    record("accounts.invite", user, by=by, name=user.username, path=home_path(user))
    return token


def accept_invitation(token: str, *, password_hash: str) -> User:
    """Use a link up and set the password of the person it was made for.

    Raises InvitationOver; of two who use it at once, one gets that.
    """
    now = clock.now()
    user_id = db.session.scalar(
        update(Invitation)
        .where(
            Invitation.token_digest == digest_of_token(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(Invitation.user_id)
    )
    user = None if user_id is None else db.session.get(User, user_id)
    if user is None or not user.is_active:
        raise InvitationOver
    set_password(user, password_hash, by=Actor(id=user.id, name=user.name))
    return user


def digest_of_token(token: str) -> str:
    """Give what is kept of a link: its 256 random bits need no key and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
