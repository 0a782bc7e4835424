"""What is kept of one person: taken out for them, or erased."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.queries import get_person_for
from carecampaign.core import clock
from carecampaign.core.babel import show_datetime
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_xlsx
from carecampaign.core.i18n import _
from carecampaign.core.sheets import Sheet
from carecampaign.privacy import services
from carecampaign.privacy.erasing import ErasureReason
from carecampaign.privacy.forms.persons import FILE, DossierForm, ErasureForm
from carecampaign.privacy.queries.dossiers import Section, show_cell
from carecampaign.privacy.views.blueprint import blueprint


@blueprint.route("/persons/<id:person_id>/data", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_REVEAL)
def person_data(person_id: int) -> ResponseReturnValue:
    """Take out everything that is kept of a person, who has a right to it."""
    person = get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_REVEAL)
    form, sections = DossierForm(), None
    if form.validate_on_submit():
        with transaction():
            sections = services.export_person(
                get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_REVEAL),
                reason=form.reason.data,
                by=signed_in(),
            )
        if form.shape.data == FILE:
            return send_xlsx(_("Personal data") + f" {person_id}", *_sheets(sections))
    page = render_template(
        "privacy/person_data.html",
        form=form,
        person=person,
        sections=sections,
        show=show_cell,
        remark=_remark(),
    )
    headers = {"Cache-Control": "no-store"}
    return page, 422 if form.errors else 200, headers


@blueprint.route("/persons/<id:person_id>/erase", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def erase_person(person_id: int) -> ResponseReturnValue:
    """Erase what is kept of a person, after saying what goes and what stays."""
    person = get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_MANAGE)
    form = ErasureForm()
    if form.validate_on_submit():
        with transaction():
            services.erase_person(
                get_person_for(signed_in(), person_id, Permission.BENEFICIARIES_MANAGE),
                ErasureReason(form.reason.data),
                by=signed_in(),
            )
        flash(_("Erased: № %(number)s. It cannot be undone.", number=person_id), "success")
        return redirect(url_for("beneficiaries.persons"))
    page = render_template("privacy/erase_person.html", form=form, person=person)
    return page, 422 if form.errors else 200


def _sheets(sections: list[Section]) -> list[Sheet]:
    return [
        Sheet(section.title, section.headings, section.rows, remark=_remark())
        for section in sections
    ]


def _remark() -> str:
    return _(
        "Taken out by %(name)s on %(when)s",
        name=signed_in().name,
        when=show_datetime(clock.now()),
    )
