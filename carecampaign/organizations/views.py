"""Pages of the union tree."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from carecampaign.access.actor import EVERYWHERE
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.audit.history import history_of
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import bounded_id
from carecampaign.core.i18n import _
from carecampaign.core.listing import paginate, show_list
from carecampaign.core.undo import flash_with_undo
from carecampaign.core.urls import page_number
from carecampaign.organizations import queries, services
from carecampaign.organizations.forms import (
    MoveForm,
    NewOrganizationForm,
    OrganizationForm,
    TreeFilterForm,
)
from carecampaign.organizations.models import Organization, OrganizationKind
from carecampaign.organizations.queries import Node, get_organization_for

blueprint = Blueprint("organizations", __name__, url_prefix="/organizations")


@blueprint.get("")
@requires(Permission.ORGANIZATIONS_VIEW)
def index() -> ResponseReturnValue:
    """Show the tree: one branch open, or what matches the filters with the way to it."""
    form = TreeFilterForm(request.args)
    filters = form.valid_values()
    opened = request.args.get("open", type=bounded_id)
    nodes = queries.list_nodes_for(signed_in(), with_inactive="inactive" in filters)
    shown = _shown(nodes, filters, opened)
    ids = [node.id for node in shown]
    return show_list(
        "organizations/index.html",
        queries.TREE,
        shown,
        form=form,
        around=ids.index(opened) if opened in ids else 0,
        opened=_way_to(nodes, opened),
        total=len(nodes),
        is_narrowed=_is_narrowed(filters),
        may_add_top=_may_add_top(),
        indent=queries.INDENT,
    )


def _is_narrowed(filters: Mapping[str, Any]) -> bool:
    return not filters.keys().isdisjoint({"q", "kind"})


def _shown(nodes: list[Node], filters: Mapping[str, Any], opened: int | None) -> list[Node]:
    if _is_narrowed(filters):
        kind = OrganizationKind(filters["kind"]) if "kind" in filters else None
        return queries.matching_nodes(nodes, text=filters.get("q", ""), kind=kind)
    # Branches are closed for the eye; a file has no way to open them.
    return nodes if "format" in request.args else queries.open_nodes(nodes, opened)


def _way_to(nodes: list[Node], opened: int | None) -> set[int]:
    """Give the ids of the organisations whose branch is open."""
    paths = [node.path for node in nodes if node.id == opened]
    return {int(part) for path in paths for part in path.split("/")[:-1]}


def _may_add_top() -> bool:
    return EVERYWHERE in signed_in().paths(Permission.ORGANIZATIONS_MANAGE)


@blueprint.get("/<id:organization_id>")
@requires(Permission.ORGANIZATIONS_VIEW)
def show(organization_id: int) -> ResponseReturnValue:
    """Show the facts of an organisation and what stands right below it."""
    organization = get_organization_for(signed_in(), organization_id)
    return render_template(
        "organizations/show.html",
        organization=organization,
        above=queries.ancestors_for(signed_in(), organization),
        children=paginate(queries.children_of(organization), page=page_number()),
        below=queries.count_below(organization),
        may_manage=_may_manage(organization),
        may_move=_may_manage(organization.parent),
        change_history=history_of(organization),
    )


def _may_manage(organization: Organization | None) -> bool:
    path = EVERYWHERE if organization is None else organization.path
    return covers(signed_in().paths(Permission.ORGANIZATIONS_MANAGE), path)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.ORGANIZATIONS_MANAGE)
def create() -> ResponseReturnValue:
    """Add an organisation below ``?parent=``; at the top for those who reach everything."""
    parent_id = request.args.get("parent", type=bounded_id)
    if parent_id is None and not _may_add_top():
        abort(403)
    parent = _parent(parent_id)
    form = NewOrganizationForm()
    if form.validate_on_submit():
        try:
            organization_id = _save_new(form, parent_id)
        except AlreadyDone as done:
            return redirect(url_for(".show", organization_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Organization created."), "success")
            return redirect(url_for(".show", organization_id=organization_id))
    page = render_template("organizations/create.html", form=form, parent=parent)
    return page, _status(form)


def _save_new(form: NewOrganizationForm, parent_id: int | None) -> int:
    with transaction():
        command = claim(form.command_id.data, "organizations.create")
        organization = services.create_organization(
            form.name.data,
            short_name=form.short_name.data,
            kind=OrganizationKind(form.kind.data),
            parent=_parent(parent_id),
            by=signed_in(),
        )
        command.outcome = organization.id
    return organization.id


@blueprint.route("/<id:organization_id>/edit", methods=["GET", "POST"])
@requires(Permission.ORGANIZATIONS_MANAGE)
def edit(organization_id: int) -> ResponseReturnValue:
    """Change the facts of an organisation."""
    organization = _mine(organization_id)
    form = OrganizationForm(obj=organization)
    if form.validate_on_submit():
        try:
            with transaction():
                services.edit_organization(
                    _mine(organization_id),
                    name=form.name.data,
                    short_name=form.short_name.data,
                    kind=OrganizationKind(form.kind.data),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for(".show", organization_id=organization_id))
    page = render_template("organizations/edit.html", form=form, organization=organization)
    return page, _status(form)


@blueprint.route("/<id:organization_id>/move", methods=["GET", "POST"])
@requires(Permission.ORGANIZATIONS_MANAGE)
def move(organization_id: int) -> ResponseReturnValue:
    """Hang an organisation below another parent."""
    organization = _mine(organization_id)
    form = MoveForm()
    form.parent.names = queries.names_for(signed_in(), Permission.ORGANIZATIONS_MANAGE)
    if not _may_add_top():
        del form.to_top
    if form.validate_on_submit():
        try:
            with transaction():
                parent = _parent(form.parent.chosen_id)
                services.move_organization(_mine(organization_id), parent, by=signed_in())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Organization moved, with all that stands below it."), "success")
            return redirect(url_for(".show", organization_id=organization_id))
    page = render_template("organizations/move.html", form=form, organization=organization)
    return page, _status(form)


@blueprint.post("/<id:organization_id>/deactivate")
@requires(Permission.ORGANIZATIONS_MANAGE)
def deactivate(organization_id: int) -> ResponseReturnValue:
    """Take an organisation out of use."""
    with transaction():
        services.deactivate_organization(_mine(organization_id), by=signed_in())
    flash_with_undo(
        _("Organization deactivated. It is not offered for new work any more."),
        ".activate",
        organization_id=organization_id,
    )
    return redirect(url_for(".show", organization_id=organization_id))


@blueprint.post("/<id:organization_id>/activate")
@requires(Permission.ORGANIZATIONS_MANAGE)
def activate(organization_id: int) -> ResponseReturnValue:
    """Take an organisation into use again."""
    with transaction():
        services.activate_organization(_mine(organization_id), by=signed_in())
    flash_with_undo(_("Organization activated."), ".deactivate", organization_id=organization_id)
    return redirect(url_for(".show", organization_id=organization_id))


def _mine(organization_id: int) -> Organization:
    return get_organization_for(signed_in(), organization_id, Permission.ORGANIZATIONS_MANAGE)


def _parent(parent_id: int | None) -> Organization | None:
    return None if parent_id is None else _mine(parent_id)


def _status(form: FlaskForm) -> int:
    return 422 if form.errors else 200
