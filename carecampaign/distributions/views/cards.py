"""A card at an event: its code typed there, or its QR code scanned with a phone's camera."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in, signed_in_only
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.codes import read_code
from carecampaign.beneficiaries.forms.cards import CodeForm
from carecampaign.beneficiaries.models import CardState
from carecampaign.beneficiaries.queries.cards import NoSuchCard, find_card
from carecampaign.beneficiaries.services.cards import IsRevoked
from carecampaign.beneficiaries.views.typed_codes import desk_page_of, recognise, rejected
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.distributions import queries
from carecampaign.distributions.views.blueprint import blueprint

scans = Blueprint("cards", __name__)


@scans.get("/c/<string(length=26):token>")
@signed_in_only
def scanned(token: str) -> ResponseReturnValue:
    """Go on from the QR code of a card: to the log one works at, else to its page at the desk.

    Whoever has to do with neither learns not even that there is such a card.
    """
    code = read_code(token)
    card = None if code is None else find_card(code)
    if card is None:
        raise NoSuchCard
    person = card.person
    events = [] if person is None else queries.open_events_for(signed_in(), person)
    page, is_revoked = desk_page_of(card), card.state is CardState.REVOKED
    if person is not None and events and not is_revoked:
        if len(events) == 1:
            return redirect(
                url_for("distributions.persons", event_id=events[0].id, person=person.id)
            )
        return render_template("cards/scanned.html", events=events, person=person, page=page)
    if page is None:
        raise IsRevoked if events else NoSuchCard
    if is_revoked:
        flash(_("This card was taken out of use and is not valid any more."), "warning")
    return redirect(page)


@blueprint.route("/<id:event_id>/card", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LOG)
def pick_by_card(event_id: int) -> ResponseReturnValue:
    """Pick the person whose card is typed or scanned, to hand out to next."""
    event = queries.get_event_for(signed_in(), event_id, Permission.DISTRIBUTIONS_LOG)
    item_id = request.args.get("item", type=int)
    form, status = CodeForm(), 200
    if form.validate_on_submit():
        try:
            card = recognise(
                form.code.data, is_for=lambda card: queries.may_serve(event, card.person)
            )
            if card.state is CardState.REVOKED:
                raise IsRevoked
        except DomainError as error:
            status = rejected(form, error)
        else:
            return redirect(
                url_for(".persons", event_id=event.id, person=card.person_id, item=item_id)
            )
    elif form.errors:
        status = 422
    page = render_template("distributions/pick_by_card.html", event=event, form=form)
    return page, status
