"""How the pages of requisitions, write-offs and stock-takes take a step."""

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import Conflict, DomainError, NotFound
from carecampaign.core.forms import CommandForm
from carecampaign.core.i18n import _
from carecampaign.inventory.models import Requisition, StockTake, WriteOff
from carecampaign.inventory.views.blueprint import blueprint
from carecampaign.inventory.words import form_number

Prepared = Requisition | StockTake | WriteOff

blueprint.add_app_template_global(form_number)


def save_new(
    form: CommandForm,
    verb: str,
    make: Callable[[], Prepared],
    page_of: Callable[[int | None], str],
) -> ResponseReturnValue | None:
    """Let ``make`` save a numbered form, once per form sent, and give the way to its page.

    Gives None when a rule of the domain was broken: the form then says so and is to be shown
    again.
    """
    try:
        with transaction():
            command = claim(form.command_id.data, f"inventory.{verb}")
            made = make()
            command.outcome = made.id
            words = _("%(number)s is saved.", number=form_number(made))
    except AlreadyDone as done:
        return redirect(page_of(done.outcome))
    except (Conflict, NotFound):
        raise
    except DomainError as error:
        form.reject(error)
        return None
    flash(words, "success")
    return redirect(page_of(made.id))


def take_step(
    form: CommandForm, verb: str, act: Callable[[], object], *, words: str, then: str
) -> ResponseReturnValue | None:
    """Take a step that a form asks for, once per form sent, and go on to ``then``.

    Gives None when a rule of the domain was broken, as ``save_new`` does.
    """
    try:
        with transaction():
            claim(form.command_id.data, f"inventory.{verb}")
            act()
    except AlreadyDone:
        return redirect(then)
    except (Conflict, NotFound):
        raise
    except DomainError as error:
        form.reject(error)
        return None
    flash(words, "success")
    return redirect(then)


def take_step_at_once(act: Callable[[], object], *, words: str, then: str) -> ResponseReturnValue:
    """Take a step that a single button asks for, and go back to ``then`` in any case."""
    try:
        with transaction():
            act()
    except (Conflict, NotFound):
        raise
    except DomainError as error:
        flash(str(error), "danger")
    else:
        flash(words, "success")
    return redirect(then)
