"""Pages of what reaches into every area: merging, erasing, retention, whole numbers."""

from carecampaign.privacy.views import exports, merging, persons, retention
from carecampaign.privacy.views.blueprint import blueprint

__all__ = ["blueprint", "exports", "merging", "persons", "retention"]
