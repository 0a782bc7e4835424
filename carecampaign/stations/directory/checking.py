"""What the cells of a row must be to one another; what one cell must be, its column says."""

from collections.abc import Callable

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged, StagedRow, refuse_duplicates
from carecampaign.stations.coordinates import Position, to_wgs84
from carecampaign.stations.models import StationStatus

CLOSED = {StationStatus.CLOSED, StationStatus.DELISTED}
_POSITION = ("longitude", "latitude", "datum")
Blame = Callable[[str, str], None]


def check_rows(staged: Staged) -> None:
    """Blame what does not fit together, as the form of a station does."""
    refuse_duplicates(staged, "code")
    for row in staged.rows:
        _check_position(staged, row)
        _check_status(staged, row)


def _check_position(staged: Staged, row: StagedRow) -> None:
    given = [key for key in _POSITION if row.texts.get(key)]
    if not given:
        return
    missing = [key for key in _POSITION if key not in given]
    if missing:
        message = _("Longitude, latitude and where they were read from belong together.")
        staged.blame(row, missing[0], message)
    elif all(row.values.get(key) is not None for key in _POSITION):
        try:
            to_wgs84(Position(*(row.values[key] for key in _POSITION)))
        except DomainError as error:
            staged.blame(row, error.field or "longitude", str(error))


def _check_status(staged: Staged, row: StagedRow) -> None:
    status, reopens_on = row.values.get("status"), row.values.get("reopens_on")
    since = row.values.get("status_since")
    if status in CLOSED and not row.texts.get("status_reason"):
        staged.blame(row, "status_reason", _("Say why the station closes."))
    if reopens_on is not None and status is not StationStatus.CLOSED:
        message = _("Only a station that is temporarily closed opens again.")
        staged.blame(row, "reopens_on", message)
    elif reopens_on is not None and since is not None and reopens_on <= since:
        message = _("Enter a day after the one from which the station is closed.")
        staged.blame(row, "reopens_on", message)
