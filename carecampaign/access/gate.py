"""The gate every view passes: closed unless the view says who may enter."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission

PUBLIC = "public"
SIGNED_IN = "signed-in"
_REQUIREMENT = "__carecampaign_access__"

View = TypeVar("View", bound=Callable[..., Any])

login_manager = LoginManager()


def signed_in() -> Actor:
    """Give the person making this request, as our own type rather than a proxy."""
    actor: Actor = current_user._get_current_object()  # noqa: SLF001 - Flask-Login offers no other way
    return actor


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view as open to those who hold ``permission`` somewhere."""
    return _mark(permission)


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    return _mark(PUBLIC)(view)


def signed_in_only(view: View) -> View:
    """Mark a view as open to whoever is signed in, whatever their roles."""
    return _mark(SIGNED_IN)(view)


def _mark(requirement: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _REQUIREMENT, requirement)
        return view

    return mark


def requirement_of(view: Callable[..., Any]) -> str | None:
    """Give what a view asks for, None where it says nothing."""
    return getattr(view, _REQUIREMENT, None)


def guard(app: Flask) -> None:
    """Refuse any request to a view that does not say who may enter."""
    # As a global it is looked up where a template names it, so that the page that says the
    # database is gone does not ask it who is signed in.
    login_manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    setattr(app.view_functions["static"], _REQUIREMENT, PUBLIC)

    @app.before_request
    def check_access() -> ResponseReturnValue | None:
        view = current_app.view_functions.get(request.endpoint or "")
        if view is None:
            return None  # Flask answers 404 or 405 by itself.
        requirement = requirement_of(view)
        if requirement == PUBLIC:
            return None
        if not current_user.is_authenticated:
            response: ResponseReturnValue = login_manager.unauthorized()
            return response
        if requirement is None:
            abort(403)
        if requirement != SIGNED_IN and not signed_in().can(Permission(requirement)):
            abort(403)
        return None
