"""Paper as the last resort: entered afterwards, with its photo."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms.paper import PaperForm, paper_form
from carecampaign.distributions.models import EventState
from carecampaign.distributions.queries.paper import get_sheet, list_sheets
from carecampaign.distributions.views.blueprint import LEAD, blueprint, status_of
from carecampaign.files.responses import send
from carecampaign.files.services import PreparedImage, PreparedPaper, prepare_paper


@blueprint.route("/<id:event_id>/paper", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_LEAD)
def paper(event_id: int) -> ResponseReturnValue:
    """Enter what was written on a sheet, and show the sheets entered before."""
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    if event.state not in {EventState.OPEN, EventState.CLOSED}:
        raise services.WrongState
    form = paper_form(event.campaign.groups, queries.things_of(event))(
        data={"day": event.held_on, "hour": event.starts_at}
    )
    if form.validate_on_submit():
        try:
            _enter(event_id, form, prepare_paper(form.photo.data.stream))
        except AlreadyDone:
            return redirect(url_for(".paper", event_id=event_id))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Entered from paper, and marked so in the log."), "success")
            return redirect(url_for(".paper", event_id=event_id))
    page = render_template(
        "distributions/paper.html", event=event, form=form, sheets=list_sheets(event)
    )
    return page, status_of(form)


@blueprint.get("/<id:event_id>/paper/<id:sheet_id>/<any(full, thumb):size>")
@requires(Permission.DISTRIBUTIONS_LEAD)
def paper_photo(event_id: int, sheet_id: int, size: str) -> Response:
    """Give the photo of a sheet."""
    event = queries.get_event_for(signed_in(), event_id, LEAD)
    return send(get_sheet(event, sheet_id).file, size=size)


def _enter(event_id: int, form: PaperForm, photo: PreparedImage | PreparedPaper) -> None:
    with transaction():
        claim(form.command_id.data, "distributions.enter-sheet")
        services.enter_sheet(
            queries.get_event_for(signed_in(), event_id, LEAD),
            form.counts,
            item_id=form.item_id.data,
            written_at=form.written_at,
            paper=photo,
            filename=form.photo.data.filename,
            note=form.note.data,
            by=signed_in(),
        )
