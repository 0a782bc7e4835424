"""Pages of the items and care packages."""

from carecampaign.catalogue.views import importing, items, packages
from carecampaign.catalogue.views.blueprint import blueprint

__all__ = ["blueprint", "importing", "items", "packages"]
