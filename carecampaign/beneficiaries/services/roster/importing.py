"""Take a roster in: all of it or nothing, onto a list as well, and say what became of it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.roster import Probably, person_lists
from carecampaign.beneficiaries.services.pairs import compare_later
from carecampaign.beneficiaries.services.roster.applying import apply_plan
from carecampaign.beneficiaries.services.roster.planning import Plan, Probable, compare
from carecampaign.beneficiaries.services.roster.reading import Roster, read_roster
from carecampaign.beneficiaries.services.roster.reporting import Report
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Mapped
from carecampaign.core.sheets import to_xlsx
from carecampaign.core.uploads import StagedUpload, discard_upload, get_upload, stage_upload
from carecampaign.organizations.models import Organization

MOST_ROWS = 20_000
"""Rows of a roster sent in on screen."""

REPORT = "beneficiaries.import-report"


class TableIsWrong(Conflict):
    """Something is wrong in a roster, or it is not known who a row is: nothing was kept."""

    def __init__(self, probable: list[Probable]) -> None:
        super().__init__(_l("This table has errors. Nothing has been imported."))
        self.probable = probable


@dataclass
class Outcome:
    """What a roster did: how many persons it added, changed and found, and who they all are."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    person_ids: list[int] = field(default_factory=list)
    listed: str = ""
    """What was said of the list they were put on, if any."""

    def in_sentences(self) -> str:
        """Say what it did."""
        kept = _(
            "%(added)s persons added, %(changed)s merged, %(unchanged)s were there already.",
            added=self.added,
            changed=self.changed,
            unchanged=self.unchanged,
        )
        return f"{kept} {self.listed}".strip()


def _ignore(_plan: Plan) -> None:
    pass


def keep_roster(
    roster: Roster,
    organization: Organization,
    *,
    probably: Probably | None,
    list_key: int | None = None,
    note: Callable[[Plan], None] = _ignore,
    by: Actor,
) -> Outcome:
    """Keep the persons of a roster that was read to be kept, new ones for an organisation.

    With ``list_key`` they are put on that list as well. ``note`` is told of every piece that
    was kept. Raises TableIsWrong at the end, with all that is wrong: the transaction must end
    with it; and what putting them on the list raises.
    """
    if not roster.is_to_keep:
        raise ValueError("this roster was read to be looked at")
    if list_key is not None:
        person_lists().check(list_key, organization, by=by)
    outcome, probable, touched = Outcome(), [], list[int]()
    for plan in compare(roster, probably=probably, by=by, lock=True):
        probable += plan.probable
        if probable or not roster.staged.is_clean:
            continue
        ids = apply_plan(plan, organization, by=by)
        outcome.person_ids += ids
        touched += ids[: len(plan.added) + len(plan.changed)]
        outcome.added += len(plan.added)
        outcome.changed += len(plan.changed)
        outcome.unchanged += len(plan.unchanged)
        note(plan)
    if probable or not roster.staged.is_clean:
        raise TableIsWrong(probable)
    _record(outcome, organization, digest=roster.digest, by=by)
    if touched:
        compare_later(touched, by=by)
    if list_key is not None:
        lists = person_lists()
        outcome.listed = lists.put(list_key, organization, outcome.person_ids, by=by)
    return outcome


def _record(outcome: Outcome, organization: Organization, *, digest: str, by: Actor) -> None:
    audit.record(
        "beneficiaries.import",
        organization,
        by=by,
        name=organization.name,
        path=organization.path,
        changes={
            "added_persons": outcome.added,
            "changed_persons": outcome.changed,
            "sha256": digest,
        },
    )


def purpose_of(organization_id: int) -> str:
    """Give what a roster is staged for: the persons of an organisation."""
    return f"beneficiaries.import.{organization_id}"


def read_staged(upload: StagedUpload, *, to_keep: bool = False, by: Actor) -> Roster:
    """Read a roster that waits, its columns as somebody said. Raises what read_roster raises."""
    return read_roster(
        upload.content,
        upload.filename,
        mapped=mapped_in(upload),
        max_rows=MOST_ROWS,
        to_keep=to_keep,
        by=by,
    )


def mapped_in(upload: StagedUpload) -> Mapped | None:
    """Give which column stands where as somebody said, None where nobody did."""
    mapped = upload.options.get("mapped")
    return None if mapped is None else {int(place): key for place, key in mapped.items()}


def list_of(upload: StagedUpload) -> int | None:
    """Give the key of the list that the persons of a roster that waits go onto, if any."""
    key: int | None = upload.options.get("list")
    return key


def import_staged(
    upload_id: uuid.UUID,
    roster: Roster,
    organization: Organization,
    *,
    probably: Probably | None,
    by: Actor,
) -> Outcome:
    """Keep the persons of a roster that waits, and stage the report; the roster itself goes.

    Raises NotFound once it was used, and what keep_roster raises.
    """
    upload = get_upload(upload_id, purpose=purpose_of(organization.id), owner_id=by.id, lock=True)
    report = Report(roster)
    outcome = keep_roster(
        roster,
        organization,
        probably=probably,
        list_key=list_of(upload),
        note=report.add,
        by=by,
    )
    name = f"{PurePath(upload.filename).stem}.xlsx"
    content = to_xlsx(report.sheet())
    stage_upload(content, filename=name, purpose=REPORT, owner_id=by.id)
    discard_upload(upload)
    return outcome
