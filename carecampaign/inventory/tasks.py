"""What the job consumer does for the inventory."""

from typing import Any

from carecampaign.core.i18n import _, _l
from carecampaign.inventory.services import verification
from carecampaign.jobs.tasks import JobContext, task


@task("inventory.verify", title=_l("Verify the stock ledger"))
def verify_ledger(job: JobContext) -> dict[str, Any]:
    """Add the whole ledger up again, and say in words what does not fit."""
    job.progress(5)
    differences = list(verification.verify_everything())
    return {
        "message": _("The stock ledger does not add up.")
        if differences
        else _("The stock ledger adds up."),
        "lines": differences,
        "is_good": not differences,
    }
