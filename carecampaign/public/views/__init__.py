"""Pages without sign-in."""

from carecampaign.public.views import files, finder
from carecampaign.public.views.blueprint import blueprint

__all__ = ["blueprint", "files", "finder"]
