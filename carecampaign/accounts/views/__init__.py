"""The blueprint of the accounts: coming in, and looking after accounts."""

from carecampaign.accounts.views import coming_in, passwords, roles, saved_views, users
from carecampaign.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "coming_in", "passwords", "roles", "saved_views", "users"]
