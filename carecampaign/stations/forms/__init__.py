"""Input of stations and of what belongs to them."""

from carecampaign.stations.forms.facts import NewStationForm, StationForm
from carecampaign.stations.forms.filters import StationFilterForm, stars_words
from carecampaign.stations.forms.parts import (
    AwardForm,
    MemberForm,
    PartnerForm,
    PhotoForm,
    PhotoWordsForm,
    RatingForm,
    StatusForm,
)

__all__ = [
    "AwardForm",
    "MemberForm",
    "NewStationForm",
    "PartnerForm",
    "PhotoForm",
    "PhotoWordsForm",
    "RatingForm",
    "StationFilterForm",
    "StationForm",
    "StatusForm",
    "stars_words",
]
