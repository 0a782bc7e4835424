"""Care packages: listed, shown, made, followed by new contents, retired."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.catalogue import queries, services
from carecampaign.catalogue.forms import ContentsForm, NewPackageForm, PackageFilterForm
from carecampaign.catalogue.models import ItemKind, PackageVersion
from carecampaign.catalogue.services import Content
from carecampaign.catalogue.views.blueprint import ACTIVE, blueprint
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.core.undo import flash_with_undo


@blueprint.get("/packages")
@requires(Permission.CATALOGUE_VIEW)
def packages() -> ResponseReturnValue:
    """List the care packages with what is in them now."""
    form = PackageFilterForm(request.args)
    wanted = form.valid_values()
    matching = queries.packages_with_contents(
        text=wanted.get("text", ""), is_active=ACTIVE.get(wanted.get("state", ""))
    )
    return show_list("catalogue/packages.html", queries.PACKAGES, matching, form=form)


@blueprint.get("/packages/<id:package_id>")
@requires(Permission.CATALOGUE_VIEW)
def package(package_id: int) -> ResponseReturnValue:
    """Show a care package with all its versions."""
    package = queries.get_package(package_id)
    return render_template(
        "catalogue/package.html", package=package, change_history=history_of(package)
    )


@blueprint.route("/packages/new", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def create_package() -> ResponseReturnValue:
    """Make a care package with its first contents."""
    form = NewPackageForm(items=queries.list_active_items(ItemKind.GOODS))
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "catalogue.create_package")
                version = services.create_package(
                    form.name.data, _contents(form), **_remarks(form), by=signed_in()
                )
                command.outcome = version.package_id
        except AlreadyDone as done:
            return redirect(url_for(".package", package_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Care package added."), "success")
            return redirect(url_for(".package", package_id=version.package_id))
    page = render_template("catalogue/create_package.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/packages/<id:package_id>/new-version", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def new_version(package_id: int) -> ResponseReturnValue:
    """Follow the latest contents of a care package by others, starting from them."""
    package = queries.get_package(package_id)
    form = _version_form(package.latest)
    if form.validate_on_submit():
        try:
            with transaction():
                claim(form.command_id.data, "catalogue.new_version")
                package = queries.get_package(package_id, lock=True)
                version = services.new_version(
                    package, _contents(form), **_remarks(form), by=signed_in()
                )
        except AlreadyDone:
            return redirect(url_for(".package", package_id=package_id))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Version %(number)s added.", number=version.number), "success")
            return redirect(url_for(".package", package_id=package_id))
    page = render_template("catalogue/new_version.html", form=form, package=package)
    return page, 422 if form.errors else 200


@blueprint.post("/packages/<id:package_id>/deactivate")
@requires(Permission.CATALOGUE_MANAGE)
def deactivate_package(package_id: int) -> ResponseReturnValue:
    """Offer a care package for nothing new any more."""
    with transaction():
        services.deactivate_package(queries.get_package(package_id), by=signed_in())
    flash_with_undo(
        _("Care package retired. What is in stock can still be handed out."),
        ".reactivate_package",
        package_id=package_id,
    )
    return redirect(url_for(".package", package_id=package_id))


@blueprint.post("/packages/<id:package_id>/reactivate")
@requires(Permission.CATALOGUE_MANAGE)
def reactivate_package(package_id: int) -> ResponseReturnValue:
    """Offer a care package again."""
    with transaction():
        services.reactivate_package(queries.get_package(package_id), by=signed_in())
    flash_with_undo(_("Care package back in use."), ".deactivate_package", package_id=package_id)
    return redirect(url_for(".package", package_id=package_id))


def _remarks(form: ContentsForm) -> dict[str, Any]:
    return {"is_exhaustive": form.is_exhaustive.data, "note": form.note.data}


def _contents(form: ContentsForm) -> list[Content]:
    lines = form.lines()
    items = queries.get_items(lines)
    return [Content(items[item_id], quantity) for item_id, quantity in lines.items()]


def _version_form(latest: PackageVersion) -> ContentsForm:
    contents = [{"item_id": line.item_id, "quantity": line.quantity} for line in latest.lines]
    return ContentsForm(
        items=queries.list_active_items(
            ItemKind.GOODS, also=[line.item_id for line in latest.lines]
        ),
        contents=contents,
        is_exhaustive=latest.is_exhaustive,
    )
