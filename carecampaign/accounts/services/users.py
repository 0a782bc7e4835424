"""Open, change and close accounts."""

import re
import secrets
from typing import Any

from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.accounts.identifiers import normal_email, normal_phone, normal_username
from carecampaign.accounts.models import User
from carecampaign.accounts.queries import controls
from carecampaign.accounts.services.administrators import keep_administered
from carecampaign.accounts.services.grants import BeyondReach
from carecampaign.audit.services import keyed_digest, record
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l

_UNIQUE = re.compile(r"user[._](username|phone|email)")
_TAKEN = {
    "username": _l("This account name is taken."),
    "phone": _l("Another account has this phone number."),
    "email": _l("Another account has this e-mail address."),
}
_PERSONAL = frozenset({"name", "phone", "email"})


class Taken(DomainError):
    """Two people cannot sign in by the same name; ``field`` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(_TAKEN[field], field=field)


class IsInactive(Conflict):
    """The account is closed: nobody is invited into it."""

    def __init__(self) -> None:
        super().__init__(_l("This account is inactive. Activate it first."))


class IsOneself(Conflict):
    """Whoever closes their own account could not undo it."""

    def __init__(self) -> None:
        super().__init__(_l("You cannot deactivate your own account. Ask another administrator."))


def create_user(
    username: str, *, name: str, phone: str | None = None, email: str | None = None, by: Actor
) -> User:
    """Open an account with no role and no way in yet: grant roles and invite next.

    Raises Taken, and NotAUsername, NotAPhone or NotAnEmail.
    """
    user = User(
        username=normal_username(username),
        name=name,
        phone=normal_phone(phone) if phone else None,
        email=normal_email(email) if email else None,
        session_key=_new_session_key(),
    )
    db.session.add(user)
    _flush()
    _record("accounts.create", user, by=by, changes=_said(user))
    return user


def edit_user(
    user: User, *, username: str, name: str, phone: str | None, email: str | None, by: Actor
) -> None:
    """Change the names of an account. Raises BeyondReach and what ``create_user`` raises."""
    check_control(user, by)
    after = {
        "username": normal_username(username),
        "name": name,
        "phone": normal_phone(phone) if phone else None,
        "email": normal_email(email) if email else None,
    }
    before = _said(user)
    for key, value in after.items():
        setattr(user, key, value)
    _flush()
    now = _said(user)
    changes = {key: [before[key], now[key]] for key in now if before[key] != now[key]}
    if changes:
        _record("accounts.edit", user, by=by, changes=changes)


def deactivate_user(user: User, *, by: Actor) -> None:
    """Close an account: whoever uses it is out with their next request.

    Raises IsOneself, BeyondReach and LastAdministrator.
    """
    if user.id == by.id:
        raise IsOneself
    check_control(user, by)
    if not user.is_active:
        return
    keep_administered(user.grants)
    user.is_active = False
    user.session_key = _new_session_key()
    _record("accounts.deactivate", user, by=by)


def activate_user(user: User, *, by: Actor) -> None:
    """Open a closed account again. Raises BeyondReach."""
    check_control(user, by)
    if user.is_active:
        return
    user.is_active = True
    _record("accounts.activate", user, by=by)


def set_password(user: User, password_hash: str, *, by: Actor) -> None:
    """Set a new password, already hashed; every session of the account ends."""
    user.password_hash = password_hash
    user.session_key = _new_session_key()
    _record("accounts.set_password", user, by=by)


def check_control(user: User, by: Actor) -> None:
    """Make sure that all of an account is the actor's to change. Raises BeyondReach."""
    if not controls(by, user):
        raise BeyondReach


def home_path(user: User) -> str:
    """Give the path under which entries about an account are filed: that of its first role."""
    paths = [grant.organization.path for grant in user.grants if grant.organization is not None]
    return paths[0] if paths else ""


def _said(user: User) -> dict[str, str | None]:
    """Give the names of an account as the log may keep them: personal ones as digests."""
    values = {key: getattr(user, key) for key in ("username", "name", "phone", "email")}
    return {
        key: keyed_digest(value) if value and key in _PERSONAL else value
        for key, value in values.items()
    }


def _flush() -> None:
    """Write what is pending; of an account all three ways to name it are unique."""
    try:
        db.session.flush()
    except IntegrityError as error:
        found = _UNIQUE.search(str(error.orig))
        if found is None:
            raise
        raise Taken(found[1]) from error


def _new_session_key() -> str:
    return secrets.token_urlsafe(24)


def _record(action: str, user: User, *, by: Actor, changes: dict[str, Any] | None = None) -> None:
    record(action, user, by=by, name=user.username, path=home_path(user), changes=changes)
