"""Pages of the distribution events; importing the modules registers their pages."""

from carecampaign.distributions.views import (
    bulk,
    cards,
    changes,
    closing,
    corrections,
    log,
    opening,
    paper,
    passes,
    planning,
    repeating,
    reserving,
    settling,
    sheet,
    taps,
)
from carecampaign.distributions.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "bulk",
    "cards",
    "changes",
    "closing",
    "corrections",
    "log",
    "opening",
    "paper",
    "passes",
    "planning",
    "repeating",
    "reserving",
    "settling",
    "sheet",
    "taps",
]
