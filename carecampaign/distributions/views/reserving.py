"""Keep stock for an event that is still to come."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import stock_form
from carecampaign.distributions.models import EventState
from carecampaign.distributions.views.blueprint import LEAD, blueprint, event_in, status_of
from carecampaign.distributions.views.opening import lines_of, source_of, supplies_at
from carecampaign.inventory.services.reservations import RESERVING_KINDS


@blueprint.route("/<id:event_id>/reserve", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LEAD)
def reserve(event_id: int) -> ResponseReturnValue:
    """Say what is kept for a planned event, and where."""
    event = event_in(event_id, EventState.PLANNED)
    choice, source = source_of(event, kinds=RESERVING_KINDS)
    form = stock_form(supplies_at(source, event))()
    if form.validate_on_submit() and source is not None:
        try:
            with transaction():
                claim(form.command_id.data, "distributions.reserve")
                fresh = queries.get_event_for(signed_in(), event_id, LEAD)
                services.reserve_stock(fresh, source, lines_of(form), by=signed_in())
        except AlreadyDone:
            return redirect(url_for(".show", event_id=event_id))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Stock is reserved."), "success")
            return redirect(url_for(".show", event_id=event_id))
    page = render_template(
        "distributions/reserve.html", event=event, choice=choice, form=form, source=source
    )
    return page, status_of(form)
