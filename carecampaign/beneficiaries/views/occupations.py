"""Pages of the occupations and the groups derived from them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.beneficiaries import queries, services
from carecampaign.beneficiaries.forms import (
    NewOccupationForm,
    OccupationFilterForm,
    OccupationForm,
)
from carecampaign.beneficiaries.views.blueprint import blueprint
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.core.undo import flash_with_undo


@blueprint.get("/occupations")
@requires(Permission.BENEFICIARIES_VIEW)
def occupations() -> ResponseReturnValue:
    """List the occupations of the master taxonomy, with filters."""
    form = OccupationFilterForm(request.args, groups=queries.list_groups())
    wanted = form.valid_values()
    filters = queries.OccupationFilters(
        text=wanted.get("text", ""),
        group_id=wanted.get("group_id"),
        is_active={"active": True, "retired": False}.get(wanted.get("state", "")),
    )
    matching = queries.occupations_matching(filters)
    return show_list("beneficiaries/occupations.html", queries.OCCUPATIONS, matching, form=form)


@blueprint.get("/occupations/groups")
@requires(Permission.BENEFICIARIES_VIEW)
def groups() -> ResponseReturnValue:
    """List the groups that are derived from occupations."""
    grouped = queries.list_grouped_occupations()
    return render_template("beneficiaries/groups.html", grouped=grouped)


@blueprint.route("/occupations/new", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def create_occupation() -> ResponseReturnValue:
    """Add an occupation to the master taxonomy."""
    form = NewOccupationForm(all_groups=queries.list_groups())
    if form.validate_on_submit():
        try:
            with transaction():
                claim(form.command_id.data, "beneficiaries.create_occupation")
                services.add_occupation(form.name.data, **_occupation_facts(form), by=signed_in())
        except AlreadyDone:
            return redirect(url_for(".occupations"))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Occupation added."), "success")
            return redirect(url_for(".occupations"))
    page = render_template("beneficiaries/create_occupation.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/occupations/<id:occupation_id>/edit", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def edit_occupation(occupation_id: int) -> ResponseReturnValue:
    """Change the words, the code or the groups of an occupation."""
    occupation = queries.get_occupation(occupation_id)
    form = OccupationForm(
        all_groups=queries.list_groups(),
        name=occupation.name,
        name_en=occupation.name_en,
        code=occupation.code,
        groups=[group.id for group in occupation.groups],
    )
    if form.validate_on_submit():
        try:
            with transaction():
                services.edit_occupation(
                    queries.get_occupation(occupation_id, lock=True),
                    name=form.name.data,
                    **_occupation_facts(form),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Occupation saved."), "success")
            return redirect(url_for(".occupations"))
    page = render_template(
        "beneficiaries/edit_occupation.html",
        form=form,
        occupation=occupation,
        change_history=history_of(occupation),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/occupations/<id:occupation_id>/deactivate")
@requires(Permission.BENEFICIARIES_MANAGE)
def deactivate_occupation(occupation_id: int) -> ResponseReturnValue:
    """Offer an occupation for nothing new any more."""
    with transaction():
        services.deactivate_occupation(queries.get_occupation(occupation_id), by=signed_in())
    flash_with_undo(
        _("Occupation retired. What was counted stays."),
        ".reactivate_occupation",
        occupation_id=occupation_id,
    )
    return redirect(url_for(".occupations"))


@blueprint.post("/occupations/<id:occupation_id>/reactivate")
@requires(Permission.BENEFICIARIES_MANAGE)
def reactivate_occupation(occupation_id: int) -> ResponseReturnValue:
    """Offer an occupation again."""
    with transaction():
        services.reactivate_occupation(queries.get_occupation(occupation_id), by=signed_in())
    flash_with_undo(
        _("Occupation back in use."), ".deactivate_occupation", occupation_id=occupation_id
    )
    return redirect(url_for(".occupations"))


def _occupation_facts(form: OccupationForm) -> dict[str, Any]:
    wanted = set(form.groups.data)
    return {
        "name_en": form.name_en.data,
        "code": form.code.data,
        "groups": [group for group in queries.list_groups() if group.id in wanted],
    }
