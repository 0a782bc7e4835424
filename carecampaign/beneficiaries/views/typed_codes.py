"""A card by the code somebody typed, at the desk or at an event, and where it leads."""

from collections.abc import Callable

from flask import url_for

from carecampaign.access.gate import signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.beneficiaries.codes import read_code
from carecampaign.beneficiaries.models import Card, CardState
from carecampaign.beneficiaries.queries.cards import NoSuchCard, find_card, may_bind
from carecampaign.beneficiaries.services.typed_codes import (
    TooManyCodes,
    check_may_type,
    note_wrong_code,
)
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import Form
from carecampaign.core.i18n import _l


class NotACode(DomainError):
    """What was typed cannot be the code of any card: a slip of the finger, which is no guess."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("This is no card's code: look at the card and type it again."))


def recognise(text: str, *, is_for: Callable[[Card], object]) -> Card:
    """Give the card with a code; ``is_for`` says whether whoever typed it may know of it.

    Raises NotACode; NoSuchCard, also for a card they may not know of; and TooManyCodes.
    """
    code = read_code(text)
    if code is None:
        raise NotACode
    check_may_type(signed_in())
    card = find_card(code)
    if card is None or not is_for(card):
        with transaction():
            note_wrong_code(signed_in())
        raise NoSuchCard
    return card


def rejected(form: Form, error: DomainError) -> int:
    """Show beside the code what is wrong with it, and give the status to answer with."""
    form.reject(error)
    return 429 if isinstance(error, TooManyCodes) else 422


def desk_page_of(card: Card) -> str | None:
    """Give the page of a card for whoever works at a desk; None where they see none of it.

    That is whose it is; to whom it may be bound; or the batch it was printed in.
    """
    paths = signed_in().paths(Permission.BENEFICIARIES_VIEW)
    if card.person is not None and covers(paths, card.person.organization.path):
        return url_for("beneficiaries.person", person_id=card.person.id)
    if card.state is CardState.BLANK and may_bind(signed_in(), card):
        return url_for("beneficiaries.bind_card", card_id=card.id)
    if covers(paths, card.batch.organization.path):
        return url_for("beneficiaries.card_batch", batch_id=card.batch.id)
    return None
