"""Pages of the distribution events; importing the modules registers their pages."""

from carecampaign.distributions.views import (
    closing,
    corrections,
    log,
    opening,
    planning,
    sheet,
    taps,
)
from carecampaign.distributions.views.blueprint import blueprint

__all__ = ["blueprint", "closing", "corrections", "log", "opening", "planning", "sheet", "taps"]
