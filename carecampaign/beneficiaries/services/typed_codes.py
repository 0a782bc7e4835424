"""Card codes that people type: trying out codes is slowed down."""

from carecampaign.access.actor import Actor
from carecampaign.accounts.services.throttling import note_failures, seconds_to_wait
from carecampaign.audit.services import keyed_digest
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _n

FREE_CODES = 20
"""Codes of no card that somebody may type within an hour, however bad the print is."""


class TooManyCodes(DomainError):
    """Somebody typed too many codes of no card of late; ``seconds`` says how long to wait."""

    field = "code"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        words = _n(
            "Too many codes that are no card's. Please try again in %(num)s second.",
            "Too many codes that are no card's. Please try again in %(num)s seconds.",
            seconds,
        )
        super().__init__(words)


def check_may_type(by: Actor) -> None:
    """Make sure that somebody need not wait before typing another code. Raises TooManyCodes."""
    seconds = seconds_to_wait(_key(by), free=FREE_CODES)
    if seconds:
        raise TooManyCodes(seconds)


def note_wrong_code(by: Actor) -> None:
    """Count a code that was no card's."""
    note_failures([_key(by)])


def _key(by: Actor) -> str:
    return keyed_digest(f"card codes of {by.id}")
