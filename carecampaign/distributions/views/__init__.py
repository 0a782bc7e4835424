"""Pages of the distribution events; importing the modules registers their pages."""

from carecampaign.distributions.views import (
    bulk,
    changes,
    closing,
    corrections,
    log,
    opening,
    planning,
    repeating,
    reserving,
    sheet,
    taps,
)
from carecampaign.distributions.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "bulk",
    "changes",
    "closing",
    "corrections",
    "log",
    "opening",
    "planning",
    "repeating",
    "reserving",
    "sheet",
    "taps",
]
