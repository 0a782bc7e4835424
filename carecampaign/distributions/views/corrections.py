"""Take entries of the log back with a reason, and settle exceptions."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.rules import in_words
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import SettleForm, VoidForm
from carecampaign.distributions.models import HandoutException
from carecampaign.distributions.queries.entitlement import others_to_the_same
from carecampaign.distributions.queries.settling import events_to_move_to
from carecampaign.distributions.views.blueprint import LEAD, blueprint, status_of
from carecampaign.distributions.views.words import describe


@blueprint.route("/<id:event_id>/handouts/<uuid:handout_id>/void", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LEAD)
def void(event_id: int, handout_id: UUID) -> ResponseReturnValue:
    """Take back an entry of the log, saying why."""
    handout = queries.get_handout_for(signed_in(), event_id, handout_id, LEAD)
    form = VoidForm()
    if form.validate_on_submit():
        try:
            with transaction():
                queries.get_handout_for(signed_in(), event_id, handout_id, LEAD)
                services.void_handout(
                    handout_id,
                    void_id=UUID(form.command_id.data),
                    reason=form.reason.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Taken back. It is not counted any more."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template(
        "distributions/void.html", handout=handout, who=describe(handout), form=form
    )
    return page, status_of(form)


@blueprint.route("/<id:event_id>/exceptions/<id:exception_id>", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_SETTLE)
def settle(event_id: int, exception_id: int) -> ResponseReturnValue:
    """Settle an exception: accept it with a note, or take the entry back."""
    exception = queries.get_exception_for(signed_in(), event_id, exception_id)
    targets = events_to_move_to(signed_in(), exception.handout.event)
    form = SettleForm(targets=targets)
    if form.validate_on_submit():
        try:
            with transaction():
                fresh = queries.get_exception_for(signed_in(), event_id, exception_id)
                _settle(fresh, form)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The exception is settled."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template(
        "distributions/settle.html",
        event=queries.get_event_for(signed_in(), event_id),
        exception=exception,
        who=describe(exception.handout),
        rule=in_words(exception.rule) if exception.rule else None,
        others=others_to_the_same(exception.handout),
        form=form,
    )
    return page, status_of(form)


def _settle(exception: HandoutException, form: SettleForm) -> None:
    if form.decision.data == "void":
        services.void_handout(
            exception.handout_id,
            void_id=UUID(form.command_id.data),
            reason=form.reason.data,
            by=signed_in(),
        )
    elif form.decision.data == "move":
        services.move_handout(
            exception.handout,
            queries.get_event_for(
                signed_in(), form.target_id.data, Permission.DISTRIBUTIONS_SETTLE
            ),
            void_id=UUID(form.command_id.data),
            reason=form.reason.data,
            by=signed_in(),
        )
    else:
        services.settle_exception(exception, settlement=form.reason.data, by=signed_in())
