"""Pages of the fund sources."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.audit.history import history_of
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.core.undo import flash_with_undo
from carecampaign.funds.forms import (
    EarmarkForm,
    EditEarmarkForm,
    FundFilterForm,
    FundSourceForm,
    NewFundSourceForm,
)
from carecampaign.funds.models import FundKind
from carecampaign.funds.queries import (
    FUND_SOURCES,
    FundFilters,
    fund_sources_matching,
    get_earmark_to_manage,
    get_fund_source_for,
    get_fund_source_to_manage,
    list_earmarks_of,
    list_owners_for,
)
from carecampaign.funds.services import (
    create_earmark,
    create_fund_source,
    deactivate_fund_source,
    edit_earmark,
    edit_fund_source,
    reactivate_fund_source,
)

blueprint = Blueprint("funds", __name__, url_prefix="/funds")


@blueprint.get("")
@requires(Permission.FUNDS_VIEW)
def index() -> ResponseReturnValue:
    """List the fund sources, with filters."""
    form = FundFilterForm(request.args)
    matching = fund_sources_matching(signed_in(), _filters(form))
    managed = signed_in().paths(Permission.FUNDS_MANAGE)
    return show_list(
        "funds/index.html",
        FUND_SOURCES,
        matching,
        form=form,
        may_manage=lambda source: covers(managed, source.organization.path),
        may_create=bool(managed),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.FUNDS_MANAGE)
def create() -> ResponseReturnValue:
    """Open a fund source for an organisation of one's own."""
    owners = {owner.id: owner for owner in list_owners_for(signed_in())}
    form = NewFundSourceForm(owners=owners.values())
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "funds.create")
                source = create_fund_source(
                    form.name.data,
                    organization=owners[form.organization_id.data],
                    kind=FundKind(form.kind.data),
                    by=signed_in(),
                )
                command.outcome = source.id
        except AlreadyDone:
            return redirect(url_for(".index"))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Fund source added."), "success")
            return redirect(url_for(".index"))
    return render_template("funds/create.html", form=form), 422 if form.errors else 200


@blueprint.route("/<id:source_id>/edit", methods=["GET", "POST"])
@requires(Permission.FUNDS_MANAGE)
def edit(source_id: int) -> ResponseReturnValue:
    """Change the name or the kind of a fund source."""
    source = get_fund_source_to_manage(signed_in(), source_id)
    form = FundSourceForm(obj=source)
    if form.validate_on_submit():
        try:
            with transaction():
                source = get_fund_source_to_manage(signed_in(), source_id)
                edit_fund_source(
                    source, name=form.name.data, kind=FundKind(form.kind.data), by=signed_in()
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Fund source saved."), "success")
            return redirect(url_for(".index"))
    page = render_template(
        "funds/edit.html", form=form, source=source, change_history=history_of(source)
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<id:source_id>/deactivate")
@requires(Permission.FUNDS_MANAGE)
def deactivate(source_id: int) -> ResponseReturnValue:
    """Offer a source for nothing new any more."""
    with transaction():
        deactivate_fund_source(get_fund_source_to_manage(signed_in(), source_id), by=signed_in())
    flash_with_undo(
        _("Fund source retired. What draws on it keeps it."), ".reactivate", source_id=source_id
    )
    return redirect(url_for(".index"))


@blueprint.post("/<id:source_id>/reactivate")
@requires(Permission.FUNDS_MANAGE)
def reactivate(source_id: int) -> ResponseReturnValue:
    """Offer a source again."""
    with transaction():
        reactivate_fund_source(get_fund_source_to_manage(signed_in(), source_id), by=signed_in())
    flash_with_undo(_("Fund source back in use."), ".deactivate", source_id=source_id)
    return redirect(url_for(".index"))


@blueprint.get("/<id:source_id>/earmarks")
@requires(Permission.FUNDS_VIEW)
def earmarks(source_id: int) -> ResponseReturnValue:
    """Show what was given to a source for which purpose."""
    source = get_fund_source_for(signed_in(), source_id)
    managed = signed_in().paths(Permission.FUNDS_MANAGE)
    return render_template(
        "funds/earmarks.html",
        source=source,
        rows=list_earmarks_of(source),
        may_manage=covers(managed, source.organization.path),
    )


@blueprint.route("/<id:source_id>/earmarks/new", methods=["GET", "POST"])
@requires(Permission.FUNDS_MANAGE)
def add_earmark(source_id: int) -> ResponseReturnValue:
    """Note what money or goods of a source are given for."""
    source = get_fund_source_to_manage(signed_in(), source_id)
    form = EarmarkForm()
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "funds.add_earmark")
                command.outcome = create_earmark(
                    get_fund_source_to_manage(signed_in(), source_id),
                    form.name.data,
                    purpose=form.purpose.data,
                    is_restricted=form.is_restricted.data,
                    by=signed_in(),
                ).id
        except AlreadyDone:
            return redirect(url_for(".earmarks", source_id=source_id))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Earmark added."), "success")
            return redirect(url_for(".earmarks", source_id=source_id))
    page = render_template("funds/add_earmark.html", form=form, source=source)
    return page, 422 if form.errors else 200


@blueprint.route("/earmarks/<id:earmark_id>/edit", methods=["GET", "POST"])
@requires(Permission.FUNDS_MANAGE)
def change_earmark(earmark_id: int) -> ResponseReturnValue:
    """Change what an earmark says, or offer it for nothing new."""
    earmark = get_earmark_to_manage(signed_in(), earmark_id)
    form = EditEarmarkForm(obj=earmark)
    if form.validate_on_submit():
        try:
            with transaction():
                edit_earmark(
                    get_earmark_to_manage(signed_in(), earmark_id),
                    name=form.name.data,
                    purpose=form.purpose.data,
                    is_restricted=form.is_restricted.data,
                    is_active=form.is_active.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Earmark saved."), "success")
            return redirect(url_for(".earmarks", source_id=earmark.fund_source_id))
    page = render_template(
        "funds/change_earmark.html",
        form=form,
        earmark=earmark,
        change_history=history_of(earmark),
    )
    return page, 422 if form.errors else 200


def _filters(form: FundFilterForm) -> FundFilters:
    valid = form.valid_values()
    return FundFilters(
        text=valid.get("q", ""),
        kind=FundKind(valid["kind"]) if "kind" in valid else None,
        is_active={"active": True, "retired": False}.get(valid.get("state", "")),
    )
