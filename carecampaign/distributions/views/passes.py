"""Passes and phones of an event, as the lead sees them."""

import base64
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _
from carecampaign.core.qr import draw_qr
from carecampaign.distributions import queries, services
from carecampaign.distributions.queries import phones
from carecampaign.distributions.views.blueprint import LEAD, blueprint


@blueprint.get("/<id:event_id>/phones")
@requires(Permission.DISTRIBUTIONS_LEAD)
def passes(event_id: int) -> ResponseReturnValue:
    """Show who logs with which phone, what still waits on them, and the passes in use."""
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    return render_template(
        "distributions/passes.html",
        event=event,
        passes=phones.list_passes(event),
        phones=phones.list_phones(event),
        is_over=phones.is_over(event),
        is_on_line=phones.is_heard_lately,
    )


@blueprint.post("/<id:event_id>/passes/new")
@requires(Permission.DISTRIBUTIONS_LEAD)
def issue_pass(event_id: int) -> ResponseReturnValue:
    """Make a pass and show it, this once: to be scanned, or to be printed and hung up."""
    with transaction():
        event = queries.get_event_for(signed_in(), event_id, LEAD)
        issued = services.issue_pass(event, by=signed_in())
    link = url_for("field.scanned", token=issued.code, _external=True)
    return render_template(
        "distributions/issue_pass.html",
        event=event,
        issued=issued,
        valid_until=phones.valid_until(event),
        link=link,
        drawing=base64.b64encode(draw_qr(link, quiet_zone=4).encode()).decode(),
    )


@blueprint.post("/<id:event_id>/passes/<id:pass_id>/revoke")
@requires(Permission.DISTRIBUTIONS_LEAD)
def revoke_pass(event_id: int, pass_id: int) -> ResponseReturnValue:
    """Let nobody in with a pass any more."""
    with transaction():
        event = queries.get_event_for(signed_in(), event_id, LEAD)
        services.revoke_pass(phones.get_pass(event, pass_id), by=signed_in())
    flash(_("Pass withdrawn. Phones that are in stay in."), "success")
    return redirect(url_for(".passes", event_id=event_id))


@blueprint.post("/<id:event_id>/phones/<uuid:phone_id>/confirm")
@requires(Permission.DISTRIBUTIONS_LEAD)
def confirm_phone(event_id: int, phone_id: UUID) -> ResponseReturnValue:
    """Let the names of the event's people go to a phone."""
    with transaction():
        event = queries.get_event_for(signed_in(), event_id, LEAD)
        services.confirm_phone(phones.get_phone_at(event, phone_id), by=signed_in())
    flash(_("Phone confirmed: the names of the list go to it now."), "success")
    return redirect(url_for(".passes", event_id=event_id))


@blueprint.post("/<id:event_id>/phones/<uuid:phone_id>/revoke")
@requires(Permission.DISTRIBUTIONS_LEAD)
def revoke_phone(event_id: int, phone_id: UUID) -> ResponseReturnValue:
    """Take nothing more from a phone."""
    with transaction():
        event = queries.get_event_for(signed_in(), event_id, LEAD)
        services.revoke_phone(phones.get_phone_at(event, phone_id), by=signed_in())
    flash(_("Phone shut out. Nothing more is taken from it."), "success")
    return redirect(url_for(".passes", event_id=event_id))
