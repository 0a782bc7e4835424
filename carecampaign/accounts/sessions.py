"""Sessions of people signed in: who it is, for how long, and where strangers are sent."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString
from flask_login import UserMixin, current_user, login_user

from carecampaign.access.actor import Actor
from carecampaign.access.gate import login_manager
from carecampaign.access.permissions import Role
from carecampaign.accounts.queries import Credentials, find_signed_in
from carecampaign.core import clock
from carecampaign.core.babel import SESSION_KEY as LANGUAGE
from carecampaign.core.i18n import _

LONGEST = 12 * 3600
"""Seconds after signing in at which a session ends, come what may."""
LONGEST_IDLE = 3 * 3600
"""Seconds without a request after which a session ends."""
SEEN_EVERY = 300
"""Seconds between two notes of "seen now": the cookie is not sent with every answer."""

SESSION_ID, BEGAN, SEEN, USER = "sid", "began", "seen", "_user_id"


@dataclass(frozen=True, eq=False)
class SignedInUser(UserMixin, Actor):
    """The person making a request: a value, read anew for every request."""

    username: str = field(kw_only=True)
    session_key: str = field(kw_only=True, repr=False)

    @property
    def role_names(self) -> list[LazyString]:
        """Give the names of the roles held, each once, in the order of the roles."""
        held = {grant.role for grant in self.grants}
        return [role.label for role in Role if role in held]

    def get_id(self) -> str:
        """Give what the session keeps: a changed session key ends the session."""
        return f"{self.id}.{self.session_key}"


def init_app(_app: Flask) -> None:
    """Tell Flask-Login who is signed in and where to send those who are not."""
    # Phones change their address all the time; sessions end by their age instead.
    login_manager.session_protection = None
    login_manager.user_loader(load_user)
    login_manager.unauthorized_handler(ask_to_sign_in)


def beginning() -> dict[str, Any]:
    """Give what a session that begins now remembers: an id of its own and its age."""
    now = _now()
    return {SESSION_ID: secrets.token_urlsafe(16), BEGAN: now, SEEN: now}


def begin(credentials: Credentials) -> None:
    """Begin a session for somebody who proved who they are; nothing of the former one stays."""
    language = session.get(LANGUAGE)
    session.clear()
    session.update(beginning())
    if language is not None:
        session[LANGUAGE] = language
    user = _read(credentials.id, credentials.session_key, session[SESSION_ID])
    if user is not None:
        login_user(user)


def end() -> None:
    """Forget the session in this browser, but for the language."""
    language = session.get(LANGUAGE)
    session.clear()
    if language is not None:
        session[LANGUAGE] = language


def load_user(token: str) -> SignedInUser | None:
    """Give the person a session belongs to, None when it is over."""
    now = _now()
    if now - session.get(BEGAN, 0) >= LONGEST or now - session.get(SEEN, 0) >= LONGEST_IDLE:
        return None
    user_id, _dot, session_key = token.partition(".")
    user = _read(int(user_id), session_key, session[SESSION_ID])
    if user is not None and now - session[SEEN] >= SEEN_EVERY:
        session[SEEN] = now
    return user


def _read(user_id: int, session_key: str, session_id: str) -> SignedInUser | None:
    found = find_signed_in(user_id, session_key=session_key, session_id=session_id)
    if found is None:
        return None
    name, username, grants = found
    return SignedInUser(
        id=user_id, name=name, grants=grants, username=username, session_key=session_key
    )


def _now() -> int:
    return int(clock.now().timestamp())


def signed_in_id() -> int:
    """Give the id of the person making this request, who is no system."""
    user_id: int = current_user.id
    return user_id


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a stranger to the sign-in page, which leads back here; answer JSON with 401."""
    was_signed_in = USER in session
    if was_signed_in:
        end()
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return {"error": _("Please sign in.")}, 401
    if was_signed_in:
        flash(_("You are no longer signed in. Please sign in again."), "info")
    return redirect(url_for("accounts.sign_in", next=_way_back()))


def _way_back() -> str | None:
    """Give the page to come back to: a form that was sent is opened again, not sent again."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return None
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
