"""Pages of the fund sources."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.urls import page_number
from carecampaign.funds.forms import FundFilterForm, FundSourceForm, NewFundSourceForm
from carecampaign.funds.models import FundKind
from carecampaign.funds.queries import (
    FundFilters,
    get_fund_source_to_manage,
    list_fund_sources,
    list_owners_for,
)
from carecampaign.funds.services import (
    create_fund_source,
    deactivate_fund_source,
    edit_fund_source,
    reactivate_fund_source,
)

blueprint = Blueprint("funds", __name__, url_prefix="/funds")


@blueprint.get("")
@requires(Permission.FUNDS_VIEW)
def index() -> ResponseReturnValue:
    """List the fund sources, with filters."""
    form = FundFilterForm(request.args)
    page = list_fund_sources(signed_in(), _filters(form), page=page_number())
    managed = signed_in().paths(Permission.FUNDS_MANAGE)
    manageable = {row.id for row in page.items if covers(managed, row.organization.path)}
    return render_template(
        "funds/index.html", page=page, form=form, manageable=manageable, may_create=bool(managed)
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
    page = render_template("funds/edit.html", form=form, source=source)
    return page, 422 if form.errors else 200


@blueprint.post("/<id:source_id>/deactivate")
@requires(Permission.FUNDS_MANAGE)
def deactivate(source_id: int) -> ResponseReturnValue:
    """Offer a source for nothing new any more."""
    with transaction():
        deactivate_fund_source(get_fund_source_to_manage(signed_in(), source_id), by=signed_in())
    flash(_("Fund source retired. What draws on it keeps it."), "success")
    return redirect(url_for(".index"))


@blueprint.post("/<id:source_id>/reactivate")
@requires(Permission.FUNDS_MANAGE)
def reactivate(source_id: int) -> ResponseReturnValue:
    """Offer a source again."""
    with transaction():
        reactivate_fund_source(get_fund_source_to_manage(signed_in(), source_id), by=signed_in())
    flash(_("Fund source back in use."), "success")
    return redirect(url_for(".index"))


def _filters(form: FundFilterForm) -> FundFilters:
    valid = form.valid_values()
    return FundFilters(
        text=valid.get("q", ""),
        kind=FundKind(valid["kind"]) if "kind" in valid else None,
        is_active={"active": True, "retired": False}.get(valid.get("state", "")),
    )
