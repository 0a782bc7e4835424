"""Choose a password: the first one by an invitation's link, a new one by the old one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public, signed_in, signed_in_only
from carecampaign.accounts import queries, services, sessions
from carecampaign.accounts.forms import ChangePasswordForm, NewPasswordForm
from carecampaign.accounts.passwords import check_policy, hash_password
from carecampaign.accounts.queries import Credentials
from carecampaign.accounts.services import InvitationOver, TooManyAttempts
from carecampaign.accounts.views.blueprint import blueprint
from carecampaign.accounts.views.proving import WrongPassword, prove
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in_only
def change_password() -> ResponseReturnValue:
    """Set a new password; all other sessions of the account end."""
    form = ChangePasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            sessions.begin(_change(form))
        except DomainError as error:
            form.reject(error)
            status = 429 if isinstance(error, TooManyAttempts) else 422
        else:
            flash(_("Password changed. Other sessions of your account have ended."), "success")
            return redirect(url_for("reports.start"))
    elif form.errors:
        status = 422
    return render_template("accounts/change_password.html", form=form), status


def _change(form: ChangePasswordForm) -> Credentials:
    user_id = sessions.signed_in_id()
    credentials = queries.get_credentials(user_id)
    check_policy(form.password.data, username=credentials.username)
    try:
        prove(credentials, credentials.username, form.old_password.data)
    except WrongPassword as error:
        raise DomainError(
            _l("This is not your present password."), field="old_password"
        ) from error
    password_hash = hash_password(form.password.data)
    with transaction():
        services.set_password(queries.get_user(user_id), password_hash, by=signed_in())
    return queries.get_credentials(user_id)


@blueprint.route("/invitations/<string(length=43):token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Let somebody who was invited choose a password. Opening the link does not use it up."""
    invitation = queries.find_invitation(services.digest_of_token(token))
    if invitation is None:
        return render_template("accounts/accept_invitation.html", form=None, user=None), 410
    user = invitation.user
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            check_policy(form.password.data, username=user.username)
            password_hash = hash_password(form.password.data)
            with transaction():
                services.accept_invitation(token, password_hash=password_hash)
        except InvitationOver:
            return render_template("accounts/accept_invitation.html", form=None, user=None), 410
        except DomainError as error:
            form.reject(error)
        else:
            sessions.end()
            flash(_("Your password is set. Sign in with it now."), "success")
            return redirect(url_for(".sign_in"))
    page = render_template("accounts/accept_invitation.html", form=form, user=user)
    return page, 422 if form.errors else 200
