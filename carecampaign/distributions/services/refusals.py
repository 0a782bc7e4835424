"""Why nothing is handed out, before the fact and on-line."""

from datetime import date
from typing import NamedTuple

from carecampaign.campaigns.models import EntitlementRule
from carecampaign.core.i18n import Labelled, _l


class Refusal(Labelled):
    """Why nothing is handed out, before the fact and on-line."""

    OUT_OF_STOCK = "out_of_stock", _l("Not in stock here")
    SERVED_BEFORE = "served_before", _l("Served before in this campaign")
    NOT_ENTITLED = "not_entitled", _l("Against an entitlement rule")
    CONSENT_WITHDRAWN = "consent_withdrawn", _l("Consent withdrawn before")
    NOT_OPEN = "not_open", _l("The event is not open yet")
    CLOSED = "closed", _l("The event is closed")


class Broken(NamedTuple):
    """A rule that a handing over breaks; without a ``rule`` it is one for every campaign.

    For a limit ``had`` is what was given before, ``more`` what this adds (times, pieces or
    fen), ``last_on`` the local day of the last time.
    """

    reason: Refusal
    rule: EntitlementRule | None = None
    had: int = 0
    more: int = 0
    last_on: date | None = None
