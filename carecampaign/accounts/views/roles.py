"""Give roles, and take them back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission, Role
from carecampaign.accounts import services
from carecampaign.accounts.forms import GrantForm
from carecampaign.accounts.models import RoleGrant
from carecampaign.accounts.queries import get_user_for
from carecampaign.accounts.views.blueprint import blueprint
from carecampaign.accounts.views.users import organization_named
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError, NotFound
from carecampaign.core.i18n import _, _l
from carecampaign.organizations.queries import names_for


@blueprint.route("/users/<id:user_id>/roles/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE)
def grant_role(user_id: int) -> ResponseReturnValue:
    """Give somebody a role at an organisation."""
    user = get_user_for(signed_in(), user_id)
    form = GrantForm()
    form.organization.names = names_for(signed_in(), Permission.ACCOUNTS_MANAGE)
    if form.validate_on_submit():
        try:
            with transaction():
                services.grant_role(
                    get_user_for(signed_in(), user_id),
                    Role(form.role.data),
                    organization_named(form.organization.chosen_id),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Role given. It holds from the person's next click on."), "success")
            return redirect(url_for(".show", user_id=user_id))
    page = render_template("accounts/grant_role.html", form=form, user=user)
    return page, 422 if form.errors else 200


@blueprint.post("/users/<id:user_id>/roles/<id:grant_id>/revoke")
@requires(Permission.ACCOUNTS_MANAGE)
def revoke_role(user_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role back."""
    with transaction():
        services.revoke_role(_grant(user_id, grant_id), by=signed_in())
    flash(_("Role revoked."), "success")
    return redirect(url_for(".show", user_id=user_id))


def _grant(user_id: int, grant_id: int) -> RoleGrant:
    user = get_user_for(signed_in(), user_id)
    grant = next((grant for grant in user.grants if grant.id == grant_id), None)
    if grant is None:
        raise NotFound(_l("This person does not have this role any more."))
    return grant
