"""Look after accounts: find, open, change, invite, close."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission, Role
from carecampaign.accounts import queries, services
from carecampaign.accounts.forms import NewUserForm, UserFilterForm, UserForm
from carecampaign.accounts.identifiers import masked_email, masked_phone
from carecampaign.accounts.models import User
from carecampaign.accounts.queries import UserFilters, get_user_for
from carecampaign.accounts.views.blueprint import blueprint
from carecampaign.audit.history import history_of
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.core.undo import flash_with_undo
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import get_organization_for, names_for

_NEW_LINK = "invitation"
"""In the session: a link just made and for whom, until it was shown once."""


@blueprint.get("/users")
@requires(Permission.ACCOUNTS_MANAGE)
def index() -> ResponseReturnValue:
    """List the accounts, with filters."""
    form = UserFilterForm(request.args)
    form.organization.names = names_for(signed_in(), Permission.ACCOUNTS_MANAGE)
    filters = _filters(form.valid_values(), form.organization.chosen_id)
    matching = queries.users_for(signed_in(), filters)
    return show_list("accounts/index.html", queries.USERS, matching, form=form)


def _filters(values: Mapping[str, Any], organization_id: int | None) -> UserFilters:
    return UserFilters(
        text=values.get("q", ""),
        role=Role(values["role"]) if "role" in values else None,
        organization_id=organization_id,
        is_active=values["state"] == "active" if "state" in values else None,
    )


@blueprint.get("/users/<id:user_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def show(user_id: int) -> ResponseReturnValue:
    """Show an account and its roles; a link just made is shown this once."""
    user = get_user_for(signed_in(), user_id)
    return render_template(
        "accounts/show.html",
        user=user,
        phone=masked_phone(user.phone) if user.phone else None,
        email=masked_email(user.email) if user.email else None,
        invitation=queries.find_open_invitation(user),
        new_link=_take_new_link(user),
        is_mine=queries.controls(signed_in(), user),
        is_oneself=user.id == signed_in().id,
        revocable={grant.id for grant in user.grants if queries.may_grant(signed_in(), grant)},
        change_history=history_of(user),
    )


def _take_new_link(user: User) -> str | None:
    """Give the link that was just made for somebody, and forget it."""
    made = session.get(_NEW_LINK)
    if made is None or made["user_id"] != user.id:
        return None
    del session[_NEW_LINK]
    return url_for(".accept_invitation", token=made["token"], _external=True)


def _keep_new_link(user_id: int, token: str) -> None:
    session[_NEW_LINK] = {"user_id": user_id, "token": token}


@blueprint.route("/users/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE)
def create() -> ResponseReturnValue:
    """Open an account with its first role, and make the link to hand over."""
    form = NewUserForm()
    form.organization.names = names_for(signed_in(), Permission.ACCOUNTS_MANAGE)
    if form.validate_on_submit():
        try:
            user_id, token = _save_new(form)
        except AlreadyDone as done:
            return redirect(url_for(".show", user_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            _keep_new_link(user_id, token)
            flash(_("Account created."), "success")
            return redirect(url_for(".show", user_id=user_id))
    return render_template("accounts/create.html", form=form), 422 if form.errors else 200


def _save_new(form: NewUserForm) -> tuple[int, str]:
    with transaction():
        command = claim(form.command_id.data, "accounts.create")
        user = services.create_user(
            form.username.data,
            name=form.name.data,
            phone=form.phone.data,
            email=form.email.data,
            by=signed_in(),
        )
        place = organization_named(form.organization.chosen_id)
        services.grant_role(user, Role(form.role.data), place, by=signed_in())
        token = services.invite(user, by=signed_in())
        command.outcome = user.id
    return user.id, token


def organization_named(organization_id: int | None) -> Organization | None:
    """Give an organisation the actor may give roles at; None stays None."""
    if organization_id is None:
        return None
    return get_organization_for(signed_in(), organization_id, Permission.ACCOUNTS_MANAGE)


@blueprint.route("/users/<id:user_id>/edit", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE)
def edit(user_id: int) -> ResponseReturnValue:
    """Change the names of an account."""
    user = get_user_for(signed_in(), user_id)
    services.check_control(user, signed_in())
    form = UserForm(obj=user)
    if form.validate_on_submit():
        try:
            with transaction():
                services.edit_user(
                    get_user_for(signed_in(), user_id),
                    username=form.username.data,
                    name=form.name.data,
                    phone=form.phone.data,
                    email=form.email.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for(".show", user_id=user_id))
    page = render_template("accounts/edit.html", form=form, user=user)
    return page, 422 if form.errors else 200


@blueprint.post("/users/<id:user_id>/invite")
@requires(Permission.ACCOUNTS_MANAGE)
def invite(user_id: int) -> ResponseReturnValue:
    """Make a new link with which the person sets a password; the former one ends."""
    with transaction():
        token = services.invite(get_user_for(signed_in(), user_id), by=signed_in())
    _keep_new_link(user_id, token)
    return redirect(url_for(".show", user_id=user_id))


@blueprint.post("/users/<id:user_id>/deactivate")
@requires(Permission.ACCOUNTS_MANAGE)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Close an account; the person is out at once."""
    with transaction():
        services.deactivate_user(get_user_for(signed_in(), user_id), by=signed_in())
    flash_with_undo(
        _("Account deactivated. The person is signed out everywhere."),
        ".activate",
        user_id=user_id,
    )
    return redirect(url_for(".show", user_id=user_id))


@blueprint.post("/users/<id:user_id>/activate")
@requires(Permission.ACCOUNTS_MANAGE)
def activate(user_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    with transaction():
        services.activate_user(get_user_for(signed_in(), user_id), by=signed_in())
    flash(_("Account activated."), "success")
    return redirect(url_for(".show", user_id=user_id))
