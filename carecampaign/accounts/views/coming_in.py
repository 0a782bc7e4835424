"""Sign in, sign out. Hashing takes its time, so it stands between two transactions."""

from flask import (
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms.widgets import PasswordInput

from carecampaign.access.gate import public, signed_in_only
from carecampaign.accounts import queries, services, sessions
from carecampaign.accounts.forms import SignInForm
from carecampaign.accounts.passwords import hash_password, is_outdated
from carecampaign.accounts.services import TooManyAttempts
from carecampaign.accounts.views.blueprint import blueprint
from carecampaign.accounts.views.proving import WrongPassword, prove
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _
from carecampaign.core.views import local_path

DEMO_USERNAMES = (
    "admin",
    "planner",
    "approver",
    "storekeeper",
    "lead",
    "volunteer",
    "finance",
    "auditor",
)
DEMO_PASSWORD = "carecampaign-demo"  # noqa: S105 - for everybody to know; only the demo sets it


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask who it is, let them in, and go on to the page they came for."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            _let_in(form)
        except TooManyAttempts as error:
            form.reject(error)
            response = make_response(_page(form), 429)
            response.headers["Retry-After"] = str(error.seconds)
            return response
        except WrongPassword as error:
            form.reject(error)
        else:
            return redirect(target)
    return _page(form), 422 if form.errors else 200


def _let_in(form: SignInForm) -> None:
    credentials = queries.find_credentials(form.username.data)
    proven = prove(credentials, form.username.data, form.password.data)
    outdated = proven.password_hash is not None and is_outdated(proven.password_hash)
    new_hash = hash_password(form.password.data) if outdated else None
    with transaction():
        services.note_sign_in(queries.get_user(proven.id), new_hash=new_hash)
    sessions.begin(proven)


def _page(form: SignInForm) -> str:
    """Show the form; in the demo also whom one can sign in as, one click from being filled in."""
    accounts = queries.list_usernames(DEMO_USERNAMES) if current_app.config["DEMO"] else {}
    chosen = request.args.get("as", "")
    if request.method == "GET" and chosen in accounts:
        form.username.data, form.password.data = chosen, DEMO_PASSWORD
        form.password.widget = PasswordInput(hide_value=False)
    return render_template(
        "accounts/sign_in.html",
        form=form,
        demo_accounts=[accounts[name] for name in DEMO_USERNAMES if name in accounts],
        demo_password=DEMO_PASSWORD,
    )


@blueprint.post("/sign-out")
@signed_in_only
def sign_out() -> ResponseReturnValue:
    """End this session for good, and this one only."""
    with transaction():
        services.end_session(session[sessions.SESSION_ID])
    sessions.end()
    flash(_("You are signed out."), "success")
    return redirect(url_for(".sign_in"))
