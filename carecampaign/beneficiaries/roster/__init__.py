"""Persons as a table: its columns, and what its rows must be to one another.

Nothing here reads a database.
"""

from carecampaign.beneficiaries.roster.checking import Repeats
from carecampaign.beneficiaries.roster.columns import columns_for
from carecampaign.beneficiaries.roster.entries import Entry, make_entry
from carecampaign.beneficiaries.roster.judging import Probably
from carecampaign.beneficiaries.roster.lists import (
    PersonLists,
    days_served,
    person_lists,
    use_days_served,
    use_lists,
)

__all__ = [
    "Entry",
    "PersonLists",
    "Probably",
    "Repeats",
    "columns_for",
    "days_served",
    "make_entry",
    "person_lists",
    "use_days_served",
    "use_lists",
]
