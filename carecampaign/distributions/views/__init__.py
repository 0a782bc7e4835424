"""Pages of the distribution events; importing the modules registers their pages."""

from carecampaign.distributions.views import corrections, log, planning, sheet, stock, taps
from carecampaign.distributions.views.blueprint import blueprint

__all__ = ["blueprint", "corrections", "log", "planning", "sheet", "stock", "taps"]
