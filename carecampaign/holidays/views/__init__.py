"""Pages of the calendar of holidays and make-up workdays."""

from carecampaign.holidays.views import days, importing
from carecampaign.holidays.views.blueprint import blueprint

__all__ = ["blueprint", "days", "importing"]
