"""Take in a roster that was staged: all of it or nothing, and keep what became of each row."""

import uuid
from pathlib import PurePath

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.roster import Probably
from carecampaign.beneficiaries.services.roster.applying import apply_plan
from carecampaign.beneficiaries.services.roster.planning import Plan, plan_import
from carecampaign.beneficiaries.services.roster.reading import digest_of_file, read_roster
from carecampaign.beneficiaries.services.roster.reporting import report_sheet
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _l
from carecampaign.core.imports import Staged
from carecampaign.core.sheets import to_xlsx
from carecampaign.core.uploads import StagedUpload, discard_upload, get_upload, stage_upload
from carecampaign.organizations.models import Organization

MOST_ROWS = 20_000
"""Rows of a roster sent in on screen."""

REPORT = "beneficiaries.import-report"


def purpose_of(organization_id: int) -> str:
    """Give what a roster is staged for: the persons of an organisation."""
    return f"beneficiaries.import.{organization_id}"


def read_staged(upload: StagedUpload, *, by: Actor) -> Staged:
    """Read a roster that waits."""
    return read_roster(upload.content, upload.filename, max_rows=MOST_ROWS, by=by)


def import_staged(
    upload_id: uuid.UUID,
    staged: Staged,
    organization: Organization,
    *,
    probably: Probably | None,
    by: Actor,
) -> Plan:
    """Keep the persons of a roster that waits, and stage the report; the roster itself goes.

    Raises NotFound once it was used, and Conflict where a row is wrong or still to be judged.
    """
    upload = get_upload(upload_id, purpose=purpose_of(organization.id), owner_id=by.id, lock=True)
    plan = plan_import(staged, organization, probably=probably, by=by, lock=True)
    if not staged.is_clean:
        raise Conflict(_l("This table has errors. Nothing has been imported."))
    if plan.probable:
        raise Conflict(_l("Say of those who probably are there already whether they are."))
    report = to_xlsx(report_sheet(staged, plan))
    apply_plan(plan, organization, digest=digest_of_file(upload.content), by=by)
    name = f"{PurePath(upload.filename).stem}.xlsx"
    stage_upload(report, filename=name, purpose=REPORT, owner_id=by.id)
    discard_upload(upload)
    return plan
