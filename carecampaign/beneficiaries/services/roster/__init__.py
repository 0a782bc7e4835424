"""Persons from a table: what it would change, and doing so, all of it or nothing."""

from carecampaign.beneficiaries.services.roster.importing import (
    MOST_ROWS,
    REPORT,
    Outcome,
    TableIsWrong,
    import_staged,
    keep_roster,
    list_of,
    mapped_in,
    purpose_of,
    read_staged,
)
from carecampaign.beneficiaries.services.roster.planning import Plan, plan_import
from carecampaign.beneficiaries.services.roster.reading import Roster, columns_of, read_roster

__all__ = [
    "MOST_ROWS",
    "REPORT",
    "Outcome",
    "Plan",
    "Roster",
    "TableIsWrong",
    "columns_of",
    "import_staged",
    "keep_roster",
    "list_of",
    "mapped_in",
    "plan_import",
    "purpose_of",
    "read_roster",
    "read_staged",
]
