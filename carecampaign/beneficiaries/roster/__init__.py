"""Persons as a table: its columns, and what its rows must be to one another.

Nothing here reads a database.
"""

from carecampaign.beneficiaries.roster.checking import check_rows
from carecampaign.beneficiaries.roster.columns import columns_for
from carecampaign.beneficiaries.roster.judging import Probably

__all__ = ["Probably", "check_rows", "columns_for"]
