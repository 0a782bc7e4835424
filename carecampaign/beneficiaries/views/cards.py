"""Pages of the cards that were printed: batch by batch, and how to print more."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.audit.history import history_of
from carecampaign.beneficiaries.forms.cards import (
    BatchFilterForm,
    CardFilterForm,
    CodeForm,
    PrintCardsForm,
    RevokeBatchForm,
)
from carecampaign.beneficiaries.models import CardState, Revocation
from carecampaign.beneficiaries.papers.cards import render_cards
from carecampaign.beneficiaries.queries import cards as queries
from carecampaign.beneficiaries.queries import get_person_for
from carecampaign.beneficiaries.queries.roster import get_keeper_for
from carecampaign.beneficiaries.services import cards as services
from carecampaign.beneficiaries.views.blueprint import blueprint
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.forms import CommandForm
from carecampaign.core.i18n import _, _n
from carecampaign.core.listing import show_list
from carecampaign.core.pdf import send_pdf
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import choices_for

MANAGE = Permission.BENEFICIARIES_MANAGE


@blueprint.get("/cards")
@requires(Permission.BENEFICIARIES_VIEW)
def cards() -> ResponseReturnValue:
    """List the batches of cards printed within one's part of the tree."""
    form = BatchFilterForm(
        formdata=request.args,
        organizations=choices_for(signed_in(), Permission.BENEFICIARIES_VIEW),
    )
    return show_list(
        "beneficiaries/cards.html",
        queries.BATCHES,
        queries.batches_for(signed_in(), **form.valid_values()),
        form=form,
        complete=queries.with_counts,
        code_form=CodeForm(formdata=None),
    )


@blueprint.route("/cards/new", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def print_cards() -> ResponseReturnValue:
    """Print blank cards; their codes are on the sheet alone."""
    form = PrintCardsForm(organizations=choices_for(signed_in(), MANAGE))
    if form.validate_on_submit():
        try:
            union = get_keeper_for(signed_in(), form.organization_id.data)
            codes = services.draw_codes(form.count.data)
            sheet = _sheet(union, codes)
            with transaction():
                command = claim(form.command_id.data, "beneficiaries.print_cards")
                batch = services.keep_batch(
                    get_keeper_for(signed_in(), union.id), codes, by=signed_in()
                )
                command.outcome = batch.id
        except AlreadyDone as done:
            flash(_printed_before(), "warning")
            return redirect(url_for(".card_batch", batch_id=done.outcome))
        return send_pdf(sheet, f"{_('Cards')} {batch.id}", to_keep=True)
    page = render_template("beneficiaries/print_cards.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/persons/<id:person_id>/print-card", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def print_card(person_id: int) -> ResponseReturnValue:
    """Print a card for a person, bound to them from the beginning."""
    person = get_person_for(signed_in(), person_id, MANAGE)
    form = CommandForm()
    if form.validate_on_submit():
        codes = services.draw_codes(1)
        sheet = _sheet(person.organization, codes)
        try:
            with transaction():
                claim(form.command_id.data, "beneficiaries.print_card")
                person = get_person_for(signed_in(), person_id, MANAGE, lock=True)
                card = services.keep_card(person, codes[0], by=signed_in())
        except AlreadyDone:
            flash(_printed_before(), "warning")
            return redirect(url_for(".person", person_id=person_id))
        return send_pdf(sheet, f"{_('Card')} {card.id}", to_keep=True)
    page = render_template("beneficiaries/print_card.html", form=form, person=person)
    return page, 422 if form.errors else 200


@blueprint.get("/cards/batches/<id:batch_id>")
@requires(Permission.BENEFICIARIES_VIEW)
def card_batch(batch_id: int) -> ResponseReturnValue:
    """Show what became of the cards of a batch."""
    batch = queries.get_batch_for(signed_in(), batch_id)
    form = CardFilterForm(request.args)
    wanted = form.valid_values().get("state")
    matching = queries.cards_in(batch, state=CardState(wanted) if wanted else None)
    [row] = queries.with_counts([batch])
    return show_list(
        "beneficiaries/card_batch.html",
        queries.CARDS,
        matching,
        form=form,
        title=f"{_('Cards')} {batch.id}",
        batch=batch,
        counts=row.counts,
        may_manage=_reaches(MANAGE, batch.organization),
        may_open=lambda person: _reaches(Permission.BENEFICIARIES_VIEW, person.organization),
        change_history=history_of(batch),
    )


@blueprint.route("/cards/batches/<id:batch_id>/revoke", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def revoke_card_batch(batch_id: int) -> ResponseReturnValue:
    """Take the cards of a batch out of use for good: the blank ones, or all."""
    batch = queries.get_batch_for(signed_in(), batch_id, MANAGE)
    form = RevokeBatchForm()
    if form.validate_on_submit():
        with transaction():
            count = services.revoke_batch(
                queries.get_batch_for(signed_in(), batch_id, MANAGE, lock=True),
                Revocation(form.reason.data),
                with_bound=form.with_bound.data,
                by=signed_in(),
            )
        flash(
            _n("%(num)s card taken out of use.", "%(num)s cards taken out of use.", count),
            "success",
        )
        return redirect(url_for(".card_batch", batch_id=batch_id))
    [row] = queries.with_counts([batch])
    page = render_template(
        "beneficiaries/revoke_card_batch.html", form=form, batch=batch, counts=row.counts
    )
    return page, 422 if form.errors else 200


def _sheet(union: Organization, codes: list[str]) -> bytes:
    addresses = [url_for("cards.scanned", token=code, _external=True) for code in codes]
    return render_cards(codes, addresses, union=union.name, title=_("Cards"))


def _printed_before() -> str:
    return _(
        "These cards were printed before, and their codes cannot be shown again. If the sheet is"
        " gone, take the cards out of use and print others."
    )


def _reaches(permission: Permission, organization: Organization) -> bool:
    return covers(signed_in().paths(permission), organization.path)
