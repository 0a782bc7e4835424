"""Pages of the persons."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.beneficiaries import queries, services
from carecampaign.beneficiaries.contacts import SealedField
from carecampaign.beneficiaries.forms import (
    EditPersonForm,
    NewPersonForm,
    PersonFilterForm,
    RevealForm,
)
from carecampaign.beneficiaries.queries.cards import cards_of_person
from carecampaign.beneficiaries.queries.pairs import list_pairs_of
from carecampaign.beneficiaries.views.blueprint import blueprint
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import choices, choices_for, list_organizations_for


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
    matching = queries.persons_for(signed_in(), filters)
    listing = queries.FOUND_PERSONS if filters.text else queries.PERSONS
    return show_list("beneficiaries/persons.html", listing, matching, form=form)


@blueprint.get("/persons/<id:person_id>")
@requires(Permission.BENEFICIARIES_VIEW)
def person(person_id: int) -> ResponseReturnValue:
    """Show what is kept of a person; of one who was merged, where that is now."""
    try:
        person = queries.get_person_for(signed_in(), person_id)
    except queries.MergedAway as merged:
        return redirect(url_for(".person", person_id=merged.into_id))
    may_manage = queries.may(signed_in(), Permission.BENEFICIARIES_MANAGE, person)
    return render_template(
        "beneficiaries/person.html",
        person=person,
        may_manage=may_manage,
        pairs=list_pairs_of(signed_in(), person) if may_manage else [],
        may_reveal=queries.may(signed_in(), Permission.BENEFICIARIES_REVEAL, person),
        cards=cards_of_person(person),
        change_history=history_of(person),
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
    form = EditPersonForm(
        person=person,
        occupations=queries.list_active_occupations(also=[person.occupation_id]),
        organizations=choices(keepers),
    )
    if form.validate_on_submit():
        try:
            with transaction():
                services.edit_person(
                    queries.get_person_for(
                        signed_in(), person_id, Permission.BENEFICIARIES_MANAGE, lock=True
                    ),
                    name=form.name.data,
                    **_person_facts(form, keepers),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Person saved."), "success")
            return redirect(url_for(".person", person_id=person_id))
    page = render_template("beneficiaries/edit_person.html", form=form, person=person)
    return page, 422 if form.errors else 200


@blueprint.route("/persons/<id:person_id>/reveal", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_REVEAL)
def reveal_person(person_id: int) -> ResponseReturnValue:
    """Show one number of a person, once, to somebody who says why."""
    person = queries.get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_REVEAL)
    form = RevealForm(person=person)
    shown = field = None
    if form.validate_on_submit():
        field = SealedField(form.field.data)
        with transaction():
            shown = services.reveal(
                queries.get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_REVEAL),
                field,
                reason=form.reason.data,
                by=signed_in(),
            )
    page = render_template(
        "beneficiaries/reveal_person.html", form=form, person=person, field=field, shown=shown
    )
    return page, 422 if form.errors else 200


def _person_facts(
    form: NewPersonForm | EditPersonForm, keepers: list[Organization]
) -> dict[str, Any]:
    return {
        "occupation": queries.get_occupation(form.occupation_id.data),
        "organization": next(
            keeper for keeper in keepers if keeper.id == form.organization_id.data
        ),
        "employer": form.employer.data,
        "contacts": form.contacts(),
    }
