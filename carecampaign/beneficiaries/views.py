"""Pages of the persons and of the occupations, each under its own path."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries import queries, services
from carecampaign.beneficiaries.forms import (
    NewOccupationForm,
    NewPersonForm,
    OccupationForm,
    PersonFilterForm,
    PersonForm,
)
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.urls import page_number
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import choices, choices_for, list_organizations_for

blueprint = Blueprint("beneficiaries", __name__)


@blueprint.get("/persons")
@requires(Permission.BENEFICIARIES_VIEW)
def persons() -> ResponseReturnValue:
    """List the persons kept within one's part of the tree, with filters."""
    form = PersonFilterForm(
        formdata=request.args,
        occupations=queries.list_occupations(),
        organizations=choices_for(signed_in(), Permission.BENEFICIARIES_VIEW),
    )
    filters = queries.PersonFilters(**form.valid_values())
    page = queries.list_persons_for(signed_in(), filters, page=page_number())
    return render_template("beneficiaries/persons.html", form=form, page=page)


@blueprint.get("/persons/<id:person_id>")
@requires(Permission.BENEFICIARIES_VIEW)
def person(person_id: int) -> ResponseReturnValue:
    """Show what is kept of a person."""
    person = queries.get_person_for(signed_in(), person_id)
    return render_template(
        "beneficiaries/person.html",
        person=person,
        may_manage=queries.may_manage(signed_in(), person),
    )


@blueprint.route("/persons/new", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def create_person() -> ResponseReturnValue:
    """Keep a person by name."""
    keepers = list_organizations_for(signed_in(), Permission.BENEFICIARIES_MANAGE)
    form = NewPersonForm(
        occupations=queries.list_active_occupations(), organizations=choices(keepers)
    )
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "beneficiaries.create_person")
                person = services.add_person(
                    form.name.data, **_person_facts(form, keepers), by=signed_in()
                )
                command.outcome = person.id
        except AlreadyDone as done:
            return redirect(url_for(".person", person_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Person added."), "success")
            return redirect(url_for(".person", person_id=person.id))
    page = render_template("beneficiaries/create_person.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/persons/<id:person_id>/edit", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def edit_person(person_id: int) -> ResponseReturnValue:
    """Change what is kept of a person."""
    person = queries.get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_MANAGE)
    keepers = list_organizations_for(signed_in(), Permission.BENEFICIARIES_MANAGE)
    if person.organization not in keepers:
        keepers = [person.organization, *keepers]
    form = PersonForm(
        occupations=queries.list_active_occupations(also=[person.occupation_id]),
        organizations=choices(keepers),
        obj=person,
    )
    if form.validate_on_submit():
        with transaction():
            services.edit_person(
                queries.get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_MANAGE),
                name=form.name.data,
                **_person_facts(form, keepers),
                by=signed_in(),
            )
        flash(_("Person saved."), "success")
        return redirect(url_for(".person", person_id=person_id))
    page = render_template("beneficiaries/edit_person.html", form=form, person=person)
    return page, 422 if form.errors else 200


@blueprint.get("/occupations")
@requires(Permission.BENEFICIARIES_VIEW)
def occupations() -> ResponseReturnValue:
    """List the occupations of the master taxonomy, group by group."""
    grouped = queries.list_grouped_occupations()
    return render_template("beneficiaries/occupations.html", grouped=grouped)


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
    page = render_template("beneficiaries/edit_occupation.html", form=form, occupation=occupation)
    return page, 422 if form.errors else 200


@blueprint.post("/occupations/<id:occupation_id>/deactivate")
@requires(Permission.BENEFICIARIES_MANAGE)
def deactivate_occupation(occupation_id: int) -> ResponseReturnValue:
    """Offer an occupation for nothing new any more."""
    with transaction():
        services.deactivate_occupation(queries.get_occupation(occupation_id), by=signed_in())
    flash(_("Occupation retired. What was counted stays."), "success")
    return redirect(url_for(".occupations"))


@blueprint.post("/occupations/<id:occupation_id>/reactivate")
@requires(Permission.BENEFICIARIES_MANAGE)
def reactivate_occupation(occupation_id: int) -> ResponseReturnValue:
    """Offer an occupation again."""
    with transaction():
        services.reactivate_occupation(queries.get_occupation(occupation_id), by=signed_in())
    flash(_("Occupation back in use."), "success")
    return redirect(url_for(".occupations"))


def _person_facts(form: PersonForm, keepers: list[Organization]) -> dict[str, Any]:
    return {
        "occupation": queries.get_occupation(form.occupation_id.data),
        "organization": next(
            keeper for keeper in keepers if keeper.id == form.organization_id.data
        ),
        "employer": form.employer.data,
    }


def _occupation_facts(form: OccupationForm) -> dict[str, Any]:
    wanted = set(form.groups.data)
    return {
        "name_en": form.name_en.data,
        "code": form.code.data,
        "groups": [group for group in queries.list_groups() if group.id in wanted],
    }
