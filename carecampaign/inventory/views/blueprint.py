"""The blueprint of the inventory, and what all its pages share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import signed_in
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import get_campaign_for
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import Conflict, DomainError, NotFound
from carecampaign.core.forms import CommandForm, bounded_id
from carecampaign.core.i18n import _
from carecampaign.inventory.models import StockDocument
from carecampaign.inventory.words import (
    bare_number,
    document_number,
    place_name,
    substitute_words,
)

blueprint = Blueprint("inventory", __name__, url_prefix="/inventory")


# Globals rather than context: macros that are imported see nothing else.
for word in (bare_number, document_number, place_name, substitute_words):
    blueprint.add_app_template_global(word)


def post_document(
    form: CommandForm, verb: str, make: Callable[[], StockDocument]
) -> ResponseReturnValue | None:
    """Let ``make`` post a document, once per form, and give the way to it.

    Gives None when a rule of the domain was broken: the form then says so and is to be shown
    again.
    """
    try:
        with transaction():
            command = claim(form.command_id.data, f"inventory.{verb}")
            document = make()
            command.outcome = document.id
            words = _("%(number)s is posted.", number=document_number(document))
    except AlreadyDone as done:
        return redirect(
            url_for(".document", document_id=done.outcome) if done.outcome else url_for(".stock")
        )
    except (Conflict, NotFound):
        raise
    except DomainError as error:
        form.reject(error)
        return None
    flash(words, "success")
    return redirect(url_for(".document", document_id=document.id))


def show_form(template: str, form: Any, **values: Any) -> ResponseReturnValue:  # noqa: ANN401 - forms are untyped
    """Show a page with its form: 422 where something is wrong with what was sent."""
    is_wrong = form is not None and bool(form.errors)
    return render_template(template, form=form, **values), 422 if is_wrong else 200


def chosen(name: str) -> int | None:
    """Read an id from the URL; what is none counts as not chosen."""
    return request.args.get(name, type=bounded_id)


def campaign_of(campaign_id: int | None) -> Campaign | None:
    """Give the campaign that was named, if one was. Raises NotFound."""
    return None if campaign_id is None else get_campaign_for(signed_in(), campaign_id)
