"""Input of occupations and persons."""

from carecampaign.beneficiaries.forms.occupations import (
    NewOccupationForm,
    OccupationFilterForm,
    OccupationForm,
)
from carecampaign.beneficiaries.forms.persons import (
    EditPersonForm,
    NewPersonForm,
    PersonFilterForm,
    RevealForm,
)
from carecampaign.beneficiaries.forms.roster import ColumnsForm, JudgementForm, RosterForm

__all__ = [
    "ColumnsForm",
    "EditPersonForm",
    "JudgementForm",
    "NewOccupationForm",
    "NewPersonForm",
    "OccupationFilterForm",
    "OccupationForm",
    "PersonFilterForm",
    "RevealForm",
    "RosterForm",
]
