"""Take in a table that was sent: read, compared and made ready first, then written as a whole."""

import uuid
from dataclasses import dataclass
from io import BytesIO

from carecampaign.access.actor import Actor
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Staged, stage
from carecampaign.core.sheets import read_sheet
from carecampaign.core.uploads import StagedUpload, discard_upload, get_upload
from carecampaign.stations.directory import check_rows, columns_for
from carecampaign.stations.queries.directory import (
    count_changes,
    hold_stations,
    owner_ids_for,
)
from carecampaign.stations.services.directory.applying import write
from carecampaign.stations.services.directory.planning import Plan, plan_import
from carecampaign.stations.services.directory.preparing import Work, prepare

PURPOSE = "stations.directory-import"
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Ready:
    """An import to the point of writing, and the number of changes of stations at that time."""

    staged: Staged
    plan: Plan
    work: Work
    changes_so_far: int


def count_rows(upload: StagedUpload) -> int:
    """Count the rows of a table that waits, without looking at its cells."""
    rows = read_sheet(BytesIO(upload.content), upload.filename, max_rows=MOST_ROWS)
    return len(rows) - 1


def read_directory(content: bytes, filename: str, *, by: Actor) -> Staged:
    """Read a table of stations and look at every cell. Raises SheetError, NotThisTable."""
    rows = read_sheet(BytesIO(content), filename, max_rows=MOST_ROWS)
    staged = stage(rows, columns_for(owner_ids_for(by)))
    check_rows(staged)
    return staged


def make_ready(upload: StagedUpload, *, by: Actor) -> Ready:
    """Do all of an import that needs no lock. Raises Conflict where a row is wrong."""
    staged = read_directory(upload.content, upload.filename, by=by)
    changes_so_far = count_changes()  # before anything else is read of the stations
    return _planned(staged, changes_so_far, by=by, lock=False)


def import_ready(upload_id: uuid.UUID, ready: Ready, *, by: Actor) -> Plan:
    """Write an import that was made ready, all of it or nothing; the table sent goes.

    Only where somebody changed a station meanwhile it is compared anew. Raises NotFound once
    the table was used, Conflict where a row is wrong by now, CodeTaken.
    """
    upload = get_upload(upload_id, purpose=PURPOSE, owner_id=by.id, lock=True)
    discard_upload(upload)
    hold_stations([one.station_id for one in ready.work.rewrites])
    if count_changes() != ready.changes_so_far:
        ready = _planned(ready.staged, ready.changes_so_far, by=by, lock=True)
    write(ready.work, by=by)
    return ready.plan


def _planned(staged: Staged, changes_so_far: int, *, by: Actor, lock: bool) -> Ready:
    plan = plan_import(staged, by=by, lock=lock)
    if not staged.is_clean:
        raise Conflict(_l("This table has errors. Nothing has been imported."))
    return Ready(staged, plan, prepare(plan), changes_so_far)


def in_a_sentence(plan: Plan) -> str:
    """Say what an import did."""
    return _(
        "%(added)s stations added, %(changed)s changed.",
        added=len(plan.added),
        changed=len(plan.changed),
    )
