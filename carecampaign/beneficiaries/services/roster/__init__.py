"""Persons from a table: what it would change, and doing so, all of it or nothing."""

from carecampaign.beneficiaries.services.roster.applying import apply_plan
from carecampaign.beneficiaries.services.roster.importing import (
    MOST_ROWS,
    REPORT,
    import_staged,
    purpose_of,
    read_staged,
)
from carecampaign.beneficiaries.services.roster.planning import (
    Addition,
    Change,
    Plan,
    Probable,
    plan_import,
)
from carecampaign.beneficiaries.services.roster.reading import (
    columns_of,
    digest_of_file,
    read_roster,
)
from carecampaign.beneficiaries.services.roster.reporting import in_a_sentence, report_sheet

__all__ = [
    "MOST_ROWS",
    "REPORT",
    "Addition",
    "Change",
    "Plan",
    "Probable",
    "apply_plan",
    "columns_of",
    "digest_of_file",
    "import_staged",
    "in_a_sentence",
    "plan_import",
    "purpose_of",
    "read_roster",
    "read_staged",
    "report_sheet",
]
