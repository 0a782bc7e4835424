"""Pages of campaigns; importing the modules registers their pages."""

from carecampaign.campaigns.views import earmarks, groups, numbers, pages, parties, states
from carecampaign.campaigns.views.shared import blueprint

__all__ = ["blueprint", "earmarks", "groups", "numbers", "pages", "parties", "states"]
