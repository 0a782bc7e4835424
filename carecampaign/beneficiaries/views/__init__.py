"""Pages of the persons, their cards and the occupations."""

from carecampaign.beneficiaries.views import card_steps, cards, occupations, persons, roster
from carecampaign.beneficiaries.views.blueprint import blueprint

__all__ = ["blueprint", "card_steps", "cards", "occupations", "persons", "roster"]
