"""The only writers of stations."""

from carecampaign.stations.services.errors import (
    AlreadyAwarded,
    AlreadyMember,
    AlreadyPartner,
    CodeTaken,
    NoStationLead,
    NotClosed,
    ReasonNeeded,
    ReopensTooEarly,
    SameStatus,
    TooManyPhotos,
)
from carecampaign.stations.services.facts import COLUMNS, Facts, create_station, edit_station
from carecampaign.stations.services.levels import (
    add_award,
    add_rating,
    remove_award,
    remove_rating,
)
from carecampaign.stations.services.people import (
    add_member,
    add_partner,
    remove_member,
    remove_partner,
)
from carecampaign.stations.services.photos import (
    MOST_PHOTOS,
    add_photo,
    edit_photo,
    remove_photo,
)
from carecampaign.stations.services.status import change_status

__all__ = [
    "COLUMNS",
    "MOST_PHOTOS",
    "AlreadyAwarded",
    "AlreadyMember",
    "AlreadyPartner",
    "CodeTaken",
    "Facts",
    "NoStationLead",
    "NotClosed",
    "ReasonNeeded",
    "ReopensTooEarly",
    "SameStatus",
    "TooManyPhotos",
    "add_award",
    "add_member",
    "add_partner",
    "add_photo",
    "add_rating",
    "change_status",
    "create_station",
    "edit_photo",
    "edit_station",
    "remove_award",
    "remove_member",
    "remove_partner",
    "remove_photo",
    "remove_rating",
]
