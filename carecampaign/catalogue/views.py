"""Pages of the items and care packages."""

import uuid
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.catalogue import queries, services
from carecampaign.catalogue.forms import (
    ContentsForm,
    ItemFilterForm,
    ItemForm,
    NewItemForm,
    NewPackageForm,
    PackageFilterForm,
)
from carecampaign.catalogue.models import ItemKind, PackageVersion
from carecampaign.catalogue.services import Content
from carecampaign.catalogue.tables import COLUMNS, facts_of, read_items
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_xlsx
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _, _n
from carecampaign.core.imports import Staged, error_sheet, template_sheets
from carecampaign.core.listing import show_list
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.sheets import read_sheet
from carecampaign.core.undo import flash_with_undo
from carecampaign.core.uploads import StagedUpload, discard_upload, get_upload, stage_upload

blueprint = Blueprint("catalogue", __name__, url_prefix="/catalogue")

_ACTIVE = {"active": True, "retired": False}


@blueprint.get("/items")
@requires(Permission.CATALOGUE_VIEW)
def items() -> ResponseReturnValue:
    """List goods and packages, with filters."""
    form = ItemFilterForm(request.args)
    wanted = form.valid_values()
    filters = queries.ItemFilters(
        text=wanted.get("text", ""),
        kind=ItemKind(wanted["kind"]) if "kind" in wanted else None,
        is_active=_ACTIVE.get(wanted.get("state", "")),
    )
    matching = queries.items_matching(filters)
    return show_list("catalogue/items.html", queries.ITEMS, matching, form=form)


@blueprint.get("/items/<id:item_id>")
@requires(Permission.CATALOGUE_VIEW)
def item(item_id: int) -> ResponseReturnValue:
    """Show an item and the care packages it is in, or the package it is."""
    item = queries.get_item(item_id)
    return render_template(
        "catalogue/item.html",
        item=item,
        version=queries.find_version_of(item),
        packages=queries.list_versions_with(item),
        change_history=history_of(item),
    )


@blueprint.route("/items/new", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def create_item() -> ResponseReturnValue:
    """Add goods to the catalogue."""
    form = NewItemForm()
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "catalogue.create_item")
                item = services.create_item(**_item_facts(form), by=signed_in())
                command.outcome = item.id
        except AlreadyDone as done:
            return redirect(url_for(".item", item_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Item added."), "success")
            return redirect(url_for(".item", item_id=item.id))
    page = render_template("catalogue/create_item.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/items/<id:item_id>/edit", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def edit_item(item_id: int) -> ResponseReturnValue:
    """Change the facts of goods."""
    item = queries.get_goods(item_id)
    form = ItemForm(obj=item)
    if form.validate_on_submit():
        try:
            with transaction():
                item = queries.get_goods(item_id)
                services.edit_item(item, **_item_facts(form), by=signed_in())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Item saved."), "success")
            return redirect(url_for(".item", item_id=item_id))
    page = render_template("catalogue/edit_item.html", form=form, item=item)
    return page, 422 if form.errors else 200


@blueprint.post("/items/<id:item_id>/deactivate")
@requires(Permission.CATALOGUE_MANAGE)
def deactivate_item(item_id: int) -> ResponseReturnValue:
    """Offer an item for nothing new any more."""
    with transaction():
        services.deactivate_item(queries.get_goods(item_id), by=signed_in())
    flash_with_undo(
        _("Item retired. What is in stock can still be handed out."),
        ".reactivate_item",
        item_id=item_id,
    )
    return redirect(url_for(".item", item_id=item_id))


@blueprint.post("/items/<id:item_id>/reactivate")
@requires(Permission.CATALOGUE_MANAGE)
def reactivate_item(item_id: int) -> ResponseReturnValue:
    """Offer an item again."""
    with transaction():
        services.reactivate_item(queries.get_goods(item_id), by=signed_in())
    flash_with_undo(_("Item back in use."), ".deactivate_item", item_id=item_id)
    return redirect(url_for(".item", item_id=item_id))


@blueprint.get("/packages")
@requires(Permission.CATALOGUE_VIEW)
def packages() -> ResponseReturnValue:
    """List the care packages with what is in them now."""
    form = PackageFilterForm(request.args)
    wanted = form.valid_values()
    matching = queries.packages_with_contents(
        text=wanted.get("text", ""), is_active=_ACTIVE.get(wanted.get("state", ""))
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


def _item_facts(form: ItemForm) -> dict[str, Any]:
    names = ("code", "name", "spec", "unit", "reference_value")
    return {name: form[name].data for name in names}


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


# Many items at once, from a table

IMPORT = "catalogue.import_items"
MOST_ROWS = 1000


@blueprint.get("/items/import/template")
@requires(Permission.CATALOGUE_MANAGE)
def items_template() -> ResponseReturnValue:
    """Send an empty table to fill in."""
    return send_xlsx(_("Items"), *template_sheets(COLUMNS))


@blueprint.route("/items/import", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def import_items() -> ResponseReturnValue:
    """Take a table of goods in, and go on to what it would add."""
    form = SheetForm()
    if form.validate_on_submit():
        content, filename = form.file.data.read(), form.file.data.filename
        try:
            _read(content, filename)
            with transaction():
                upload_id = stage_upload(
                    content, filename=filename, purpose=IMPORT, owner_id=signed_in().id
                ).id
        except DomainError as error:
            form.reject(error)
        else:
            return redirect(url_for(".preview_items", upload_id=upload_id))
    page = render_template("catalogue/import_items.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/items/import/<uuid:upload_id>")
@requires(Permission.CATALOGUE_MANAGE)
def preview_items(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show the goods of a table that was sent, and what is wrong with it."""
    upload = _get_upload(upload_id)
    staged = _read(upload.content, upload.filename)
    return render_template("catalogue/preview_items.html", upload=upload, staged=staged)


@blueprint.get("/items/import/<uuid:upload_id>/errors")
@requires(Permission.CATALOGUE_MANAGE)
def item_errors(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what is wrong with a table as a table."""
    upload = _get_upload(upload_id)
    return send_xlsx(_("Errors"), error_sheet(_read(upload.content, upload.filename)))


@blueprint.post("/items/import/<uuid:upload_id>/apply")
@requires(Permission.CATALOGUE_MANAGE)
def apply_items(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Add the goods of a table, all of them or none."""
    upload = _get_upload(upload_id)
    staged = _read(upload.content, upload.filename)
    if not staged.is_clean:
        raise Conflict(_("This table has errors. Nothing has been imported."))
    with transaction():
        discard_upload(_get_upload(upload_id, lock=True))
        for facts in facts_of(staged):
            services.create_item(**facts, by=signed_in())
    count = len(staged.rows)
    flash(_n("%(num)s item added.", "%(num)s items added.", count), "success")
    return redirect(url_for(".items"))


@blueprint.post("/items/import/<uuid:upload_id>/discard")
@requires(Permission.CATALOGUE_MANAGE)
def discard_items(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Let a table go that was sent."""
    with transaction():
        discard_upload(_get_upload(upload_id, lock=True))
    flash(_("Import cancelled. Nothing has been changed."), "success")
    return redirect(url_for(".items"))


def _get_upload(upload_id: uuid.UUID, *, lock: bool = False) -> StagedUpload:
    return get_upload(upload_id, purpose=IMPORT, owner_id=signed_in().id, lock=lock)


def _read(content: bytes, filename: str) -> Staged:
    rows = read_sheet(BytesIO(content), filename, max_rows=MOST_ROWS)
    return read_items(rows, taken=queries.list_codes())
