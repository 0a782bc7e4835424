"""Puts the application together. Nothing imports this but ``wsgi.py`` and the tests."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from carecampaign import cli
from carecampaign.access import gate
from carecampaign.accounts import sessions
from carecampaign.accounts.views import blueprint as accounts
from carecampaign.api.views import blueprint as api
from carecampaign.app.navigation import navigation, ways_back
from carecampaign.audit.views import blueprint as audit
from carecampaign.beneficiaries.views import blueprint as beneficiaries
from carecampaign.campaigns.views import blueprint as campaigns
from carecampaign.catalogue.views import blueprint as catalogue
from carecampaign.core import babel, csrf, headers, metrics, secrets, urls
from carecampaign.core.db import db, render_in_migrations
from carecampaign.core.engines import prepare_engine
from carecampaign.core.errors import Conflict, NotFound
from carecampaign.core.settings import MIGRATIONS, ROOT
from carecampaign.core.views import blueprint as core
from carecampaign.distributions.views import blueprint as distributions
from carecampaign.distributions.views.cards import scans as cards
from carecampaign.distributions.views.replenishing import blueprint as replenishment
from carecampaign.field.views import blueprint as field
from carecampaign.funds.views import blueprint as funds
from carecampaign.guide import views as guide
from carecampaign.holidays.views import blueprint as holidays
from carecampaign.inventory.views import blueprint as inventory
from carecampaign.inventory.views.labels import blueprint as labels
from carecampaign.jobs.views import blueprint as jobs
from carecampaign.organizations.views import blueprint as organizations
from carecampaign.privacy.views import blueprint as privacy
from carecampaign.public.views import blueprint as public
from carecampaign.reports.views import blueprint as reports
from carecampaign.stations.views import blueprint as stations

BLUEPRINTS = (
    core,
    reports,
    campaigns,
    distributions,
    cards,
    stations,
    inventory,
    replenishment,
    labels,
    catalogue,
    beneficiaries,
    privacy,
    funds,
    organizations,
    holidays,
    accounts,
    jobs,
    audit,
    guide.blueprint,
    public,
    field,
    api,
)
PUBLIC_VIEWS = ("core.set_language", "core.healthz", "metrics.metrics")

DEFAULTS = {
    "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
    "MAX_FORM_PARTS": 5000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    # A token lives as long as the session: a form left open over lunch still sends.
    "WTF_CSRF_TIME_LIMIT": None,
    "TRUSTED_PROXIES": 0,
    "DATA_KEY_PREVIOUS": (),
    "DEMO": False,
}


def create_app(config: Mapping[str, Any]) -> Flask:
    """Build the application. ``config`` holds at least the keys of ``core.settings``."""
    app = Flask("carecampaign", template_folder=str(ROOT / "templates"))
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config)
    app.jinja_env.undefined = StrictUndefined
    secrets.set_data_keys(app.config["DATA_KEY"], app.config["DATA_KEY_PREVIOUS"])
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    Migrate(
        app,
        db,
        directory=str(MIGRATIONS),
        render_as_batch=True,
        render_item=render_in_migrations,
    )
    for part in (csrf, babel, headers, metrics, urls, sessions, guide):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for endpoint in app.view_functions.keys() & set(PUBLIC_VIEWS):
        gate.public(app.view_functions[endpoint])
    gate.guard(app)
    cli.init_app(app)
    app.jinja_env.globals.update({"navigation": navigation, "ways_back": ways_back})
    _answer_errors(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _answer_errors(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda error: _error_page(404, error))
    app.register_error_handler(NoResultFound, lambda _error: _error_page(404))
    app.register_error_handler(Conflict, lambda error: _error_page(409, error))
    app.register_error_handler(CSRFError, _session_ran_out)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _error_page(code: int, error: Exception | None = None) -> ResponseReturnValue:
    db.session.rollback()
    message = None if error is None else str(error)
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        return {"error": message or code}, code
    return render_template(f"errors/{code}.html", message=message), code


def _http_error(error: HTTPException) -> ResponseReturnValue:
    shown = {400, 403, 404, 405, 409, 413, 429, 500}
    if error.code in shown:
        return _error_page(error.code)
    return error


def _session_ran_out(_error: CSRFError) -> ResponseReturnValue:
    return _error_page(400)


def _unexpected(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _error_page(500)
