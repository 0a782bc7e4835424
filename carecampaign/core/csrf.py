"""Tokens against forged requests, and sessions read with one key for the whole process."""

from functools import cache

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

HEADER = "X-CSRFToken"


class _HeaderFirst(CSRFProtect):
    """Looks for the token where a script puts it before it reads the body as a form."""

    def _get_csrf_token(self) -> str | None:
        return request.headers.get(HEADER) or super()._get_csrf_token()


class _Sessions(SecureCookieSessionInterface):
    """Keeps the signer of the session cookie instead of making one for every request."""

    @cache  # noqa: B019 - one interface for each application, and one signer in it
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(app)


def init_app(app: Flask) -> None:
    """Check the token of every request that changes something; after the settings are there."""
    app.session_interface = _Sessions()
    _HeaderFirst(app)
