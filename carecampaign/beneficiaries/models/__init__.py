"""Whom the care is for: occupations, the groups derived from them, named persons, their cards."""

from carecampaign.beneficiaries.models.cards import (
    CARDS_ON_A_SHEET,
    MOST_CARDS,
    Card,
    CardBatch,
    CardState,
    Revocation,
)
from carecampaign.beneficiaries.models.occupations import (
    BeneficiaryGroup,
    Occupation,
    OccupationGroup,
)
from carecampaign.beneficiaries.models.pairs import PairGround, PersonPair, Uncompared
from carecampaign.beneficiaries.models.persons import KNOWN, SEALED, Person

__all__ = [
    "CARDS_ON_A_SHEET",
    "KNOWN",
    "MOST_CARDS",
    "SEALED",
    "BeneficiaryGroup",
    "Card",
    "CardBatch",
    "CardState",
    "Occupation",
    "OccupationGroup",
    "PairGround",
    "Person",
    "PersonPair",
    "Revocation",
    "Uncompared",
]
