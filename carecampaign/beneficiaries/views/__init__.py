"""Pages of the persons and of the occupations."""

from carecampaign.beneficiaries.views import occupations, persons, roster
from carecampaign.beneficiaries.views.blueprint import blueprint

__all__ = ["blueprint", "occupations", "persons", "roster"]
