"""Tokens against forged requests, and sessions: a signature that was right is not read twice."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import cache, lru_cache, wraps
from typing import Any

from flask import Flask, abort, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

from carecampaign.core import clock

HEADER = "X-CSRFToken"
FIELD = "csrf_token"
REMEMBERED = 4096
"""Cookies, and tokens, that a process knows for its own: a phone sends the same with every tap."""


class _HeaderFirst(CSRFProtect):
    """Looks for the token where a script puts it before it reads the body as a form."""

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's
        token = request.headers.get(HEADER)
        if token is None:
            super().protect(apply_exemptions)
            return
        sent = (
            request.endpoint,
            request.method,
            request.is_secure,
            request.referrer,
            request.host,
        )
        keys = (current_app.secret_key, session.get(FIELD))
        g.csrf_valid = self._is_valid(apply_exemptions, token, *sent, *keys)

    # What the library decides follows from these alone, as no token ages here; what it refuses
    # it raises, and that is not remembered.
    @lru_cache(maxsize=REMEMBERED)  # noqa: B019 - there is one for as long as the process lives
    def _is_valid(self, apply_exemptions: bool, *_facts: object) -> bool:  # noqa: FBT001
        super().protect(apply_exemptions)
        return bool(g.get("csrf_valid", False))

    def _get_csrf_token(self) -> str | None:
        return request.headers.get(HEADER) or super()._get_csrf_token()


class _Serializer(URLSafeTimedSerializer):
    """Knows what it has opened before; its age is looked at every time."""

    def loads(  # type: ignore[override]
        self,
        s: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,  # noqa: FBT001, FBT002 - the library's
        salt: str | bytes | None = None,
    ) -> Any:  # noqa: ANN401
        content, signed_at = self._open(s, salt)
        if max_age is not None and not 0 <= (clock.now() - signed_at).total_seconds() <= max_age:
            return super().loads(s, max_age, return_timestamp, salt)
        content = deepcopy(content)  # whoever gets it may change it
        return (content, signed_at) if return_timestamp else content

    @lru_cache(maxsize=REMEMBERED)  # noqa: B019 - one signer for each application
    def _open(self, signed: str | bytes, salt: str | bytes | None) -> tuple[Any, datetime]:
        opened: tuple[Any, datetime] = super().loads(signed, return_timestamp=True, salt=salt)
        return opened


class _Sessions(SecureCookieSessionInterface):
    """Keeps the signer of the session cookie instead of making one for every request."""

    @cache  # noqa: B019 - one interface for each application, and one signer in it
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(app)
        if made is None:
            return None
        return _Serializer(
            made.secret_keys,
            salt=made.salt,
            serializer=made.serializer,
            signer_kwargs=made.signer_kwargs,
        )


_protect = _HeaderFirst()


def same_origin(view: Callable[..., Any]) -> Callable[..., Any]:
    """Ask of what a view is sent, instead of for a token, that a page of ours sends it.

    For pages that a phone keeps for days: a token in them would have run out. The browser
    itself says where a request comes from (ASVS 3.5.1).
    """

    @wraps(view)
    def checked(*arguments: Any, **values: Any) -> Any:  # noqa: ANN401 - the view's own
        site = request.headers.get("Sec-Fetch-Site")
        is_ours = (
            request.headers.get("Origin") == request.host_url.rstrip("/")
            if site is None
            else site == "same-origin"
        )
        if not is_ours:
            abort(403)
        return view(*arguments, **values)

    exempt: Callable[..., Any] = _protect.exempt(checked)
    return exempt


def init_app(app: Flask) -> None:
    """Check the token of every request that changes something; after the settings are there."""
    app.session_interface = _Sessions()
    _protect.init_app(app)
