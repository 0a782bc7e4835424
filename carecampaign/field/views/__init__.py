"""The volunteer's phone: its page, what it needs off-line, and how it is let in."""

from carecampaign.field.views import events, joining, shell
from carecampaign.field.views.blueprint import blueprint

__all__ = ["blueprint", "events", "joining", "shell"]
