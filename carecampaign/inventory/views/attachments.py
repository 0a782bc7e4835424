"""What is put to a stock document: invoices, photos of damage, papers that were signed."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import Conflict, DomainError, NotFound
from carecampaign.core.i18n import _
from carecampaign.files.responses import send
from carecampaign.files.services import PreparedImage, PreparedPaper, prepare_paper
from carecampaign.inventory.forms.attachments import AttachmentForm
from carecampaign.inventory.models import AttachmentKind
from carecampaign.inventory.queries.attachments import (
    get_attachment_for,
    get_document_to_attach_to,
)
from carecampaign.inventory.services.attachments import attach_file
from carecampaign.inventory.views.blueprint import blueprint, show_form


@blueprint.get(
    "/documents/<id:document_id>/attachments/<id:attachment_id>/<any(full, thumb):size>"
)
@requires(Permission.INVENTORY_VIEW)
def attachment(document_id: int, attachment_id: int, size: str) -> Response:
    """Give an attachment of a document that one may see."""
    return send(get_attachment_for(signed_in(), document_id, attachment_id).file, size=size)


@blueprint.route("/documents/<id:document_id>/attachments/new", methods=["GET", "POST"])
@requires(Permission.INVENTORY_ACCEPT)
def attach(document_id: int) -> ResponseReturnValue:
    """Put a picture or a PDF to a document."""
    document = get_document_to_attach_to(signed_in(), document_id)
    form = AttachmentForm()
    if form.validate_on_submit():
        try:
            _attach(form, document_id, prepare_paper(form.photo.data.stream))
        except AlreadyDone:
            return redirect(url_for(".document", document_id=document_id))
        except (Conflict, NotFound):
            raise
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Attached."), "success")
            return redirect(url_for(".document", document_id=document_id))
    return show_form("inventory/attach.html", form, document=document)


def _attach(form: AttachmentForm, document_id: int, paper: PreparedImage | PreparedPaper) -> None:
    with transaction():
        claim(form.command_id.data, "inventory.attach_file")
        attach_file(
            get_document_to_attach_to(signed_in(), document_id),
            paper,
            name=form.photo.data.filename,
            kind=AttachmentKind(form.kind.data),
            by=signed_in(),
        )
