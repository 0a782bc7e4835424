"""Pages of campaigns; importing the modules registers their pages."""

from carecampaign.campaigns.views import (
    consents,
    earmarks,
    entitlements,
    groups,
    numbers,
    pages,
    parties,
    rosters,
    states,
)
from carecampaign.campaigns.views.shared import blueprint

__all__ = [
    "blueprint",
    "consents",
    "earmarks",
    "entitlements",
    "groups",
    "numbers",
    "pages",
    "parties",
    "rosters",
    "states",
]
