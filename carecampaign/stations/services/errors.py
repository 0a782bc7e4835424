"""What can be wrong with what people want of a station."""

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l


class CodeTaken(DomainError):
    """Another station has this code."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("Another station already has this code."))


class ReasonNeeded(DomainError):
    """A station closes only with a reason."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("Say why the station closes."))


class SameStatus(DomainError):
    """The station has this status already."""

    field = "status"

    def __init__(self) -> None:
        super().__init__(_l("The station has this status already."))


class NotClosed(DomainError):
    """Only a station that is closed for a time is expected to open again."""

    field = "reopens_on"

    def __init__(self) -> None:
        super().__init__(_l("Only a station that is temporarily closed opens again."))


class ReopensTooEarly(DomainError):
    """A station opens again after it closed."""

    field = "reopens_on"

    def __init__(self) -> None:
        super().__init__(_l("Enter a day after the one from which the station is closed."))


class AlreadyMember(DomainError):
    """The person belongs to the station already."""

    field = "user_id"

    def __init__(self) -> None:
        super().__init__(_l("This person already belongs to the station."))


class NoStationLead(DomainError):
    """The person does not hold the role that a station's lead needs."""

    field = "is_lead"

    def __init__(self) -> None:
        super().__init__(_l("This person does not hold the role of a station lead yet."))


class AlreadyPartner(DomainError):
    """The organisation owns the station, or shares it already."""

    field = "organization_id"

    def __init__(self) -> None:
        super().__init__(_l("This organization already runs or shares the station."))


class AlreadyAwarded(DomainError):
    """The station has this title of this year already."""

    field = "level"

    def __init__(self) -> None:
        super().__init__(_l("The station already has this title of this year."))


class TooManyPhotos(DomainError):
    """A station has as many photos as it may have."""

    field = "photo"

    def __init__(self) -> None:
        super().__init__(_l("The station already has 12 photos. Remove one first."))
