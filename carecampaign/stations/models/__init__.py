"""Outdoor workers' warm stations (户外劳动者暖心驿站) and what belongs to them."""

from carecampaign.stations.models.opening import (
    StationOpening,
    rows_of,
    rules_of,
    values_of,
)
from carecampaign.stations.models.parts import (
    MOST_STARS,
    StationAward,
    StationFeature,
    StationListing,
    StationMember,
    StationPartner,
    StationRating,
)
from carecampaign.stations.models.photos import StationPhoto
from carecampaign.stations.models.station import Station
from carecampaign.stations.models.vocabulary import (
    FACILITIES,
    SERVICES,
    AwardLevel,
    BuildMode,
    Feature,
    HostKind,
    MapService,
    PhotoKind,
    StationStatus,
    StationType,
)

__all__ = [
    "FACILITIES",
    "MOST_STARS",
    "SERVICES",
    "AwardLevel",
    "BuildMode",
    "Feature",
    "HostKind",
    "MapService",
    "PhotoKind",
    "Station",
    "StationAward",
    "StationFeature",
    "StationListing",
    "StationMember",
    "StationOpening",
    "StationPartner",
    "StationPhoto",
    "StationRating",
    "StationStatus",
    "StationType",
    "rows_of",
    "rules_of",
    "values_of",
]
