"""The blueprint of the reports; its pages are split by what they show."""

from carecampaign.reports.views import campaigns, events, search, start
from carecampaign.reports.views.blueprint import blueprint

__all__ = ["blueprint", "campaigns", "events", "search", "start"]
