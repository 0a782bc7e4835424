"""Cards for tests, whose codes are known."""

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries.codes import as_printed
from carecampaign.beneficiaries.models import Card, CardBatch
from carecampaign.beneficiaries.queries.cards import find_card
from carecampaign.beneficiaries.services import cards
from carecampaign.core.db import db


def printed_for(organization, count=1) -> tuple[CardBatch, list[str]]:
    """Keep blank cards of an organisation, and give their codes."""
    codes = cards.draw_codes(count)
    return cards.keep_batch(organization, codes, by=SYSTEM), codes


def bound_to(person) -> tuple[Card, str]:
    """Give a person a card, and its code."""
    [code] = cards.draw_codes(1)
    return cards.keep_card(person, code, by=SYSTEM), code


def card_of(code: str) -> Card:
    """Read a card anew."""
    db.session.rollback()
    db.session.expire_all()
    return find_card(code)


__all__ = ["as_printed", "bound_to", "card_of", "printed_for"]
