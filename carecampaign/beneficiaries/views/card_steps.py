"""What is done with a card at hand: found by its code, bound, taken out of use."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.forms.cards import (
    BindForm,
    CodeForm,
    PersonSearchForm,
    RevokeForm,
)
from carecampaign.beneficiaries.models import CardState, Revocation
from carecampaign.beneficiaries.queries import cards as queries
from carecampaign.beneficiaries.queries import get_person_for, persons_to_manage
from carecampaign.beneficiaries.services import cards as services
from carecampaign.beneficiaries.views.blueprint import blueprint
from carecampaign.beneficiaries.views.typed_codes import desk_page_of, recognise, rejected
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _

MANAGE = Permission.BENEFICIARIES_MANAGE
MOST_FOUND = 20


@blueprint.route("/cards/find", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_VIEW)
def find_card() -> ResponseReturnValue:
    """Go to what a typed code leads to: whose card it is, or to whom it may be bound."""
    form, status = CodeForm(), 200
    if form.validate_on_submit():
        try:
            card = recognise(form.code.data, is_for=desk_page_of)
        except DomainError as error:
            status = rejected(form, error)
        else:
            return redirect(desk_page_of(card) or url_for(".cards"))
    elif form.errors:
        status = 422
    return render_template("beneficiaries/find_card.html", form=form), status


@blueprint.route("/cards/<id:card_id>/bind", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def bind_card(card_id: int) -> ResponseReturnValue:
    """Bind a blank card to a person looked for by name."""
    card = queries.get_blank_for(signed_in(), card_id)
    if card.state is not CardState.BLANK:
        raise services.IsRevoked if card.state is CardState.REVOKED else services.AlreadyBound
    form = BindForm()
    if form.validate_on_submit():
        with transaction():
            person = get_person_for(signed_in(), form.person_id.data, MANAGE, lock=True)
            services.bind_card(queries.get_blank_for(signed_in(), card_id), person, by=signed_in())
        flash(_("The card is bound to this person now."), "success")
        return redirect(url_for(".person", person_id=person.id))
    search = PersonSearchForm(request.args)
    text = search.valid_values().get("text", "")
    found = db.session.scalars(persons_to_manage(signed_in(), text).limit(MOST_FOUND)).all()
    page = render_template(
        "beneficiaries/bind_card.html",
        card=card,
        form=form,
        search=search,
        text=text,
        found=found if text else [],
        most=MOST_FOUND,
    )
    return page, 422 if form.errors else 200


@blueprint.route("/persons/<id:person_id>/bind-card", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def bind_to_person(person_id: int) -> ResponseReturnValue:
    """Bind the card whose code is typed to a person."""
    person = get_person_for(signed_in(), person_id, MANAGE)
    form, status = CodeForm(), 200
    if form.validate_on_submit():
        try:
            card = recognise(
                form.code.data, is_for=lambda card: queries.may_bind(signed_in(), card)
            )
            with transaction():
                person = get_person_for(signed_in(), person_id, MANAGE, lock=True)
                services.bind_card(
                    queries.get_blank_for(signed_in(), card.id), person, by=signed_in()
                )
        except DomainError as error:
            status = rejected(form, error)
        else:
            flash(_("The card is bound to this person now."), "success")
            return redirect(url_for(".person", person_id=person_id))
    elif form.errors:
        status = 422
    return render_template("beneficiaries/bind_to_person.html", form=form, person=person), status


@blueprint.route("/cards/<id:card_id>/revoke", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def revoke_card(card_id: int) -> ResponseReturnValue:
    """Take one card out of use for good."""
    card = queries.get_card_for(signed_in(), card_id)
    page_of_batch = url_for(".card_batch", batch_id=card.batch_id)
    back = page_of_batch if card.person is None else desk_page_of(card) or page_of_batch
    form = RevokeForm()
    if form.validate_on_submit():
        with transaction():
            card = queries.get_card_for(signed_in(), card_id, lock=True)
            services.revoke_card(card, Revocation(form.reason.data), by=signed_in())
        flash(_("The card is taken out of use. It opens nothing any more."), "success")
        return redirect(back)
    page = render_template("beneficiaries/revoke_card.html", form=form, card=card, back=back)
    return page, 422 if form.errors else 200
