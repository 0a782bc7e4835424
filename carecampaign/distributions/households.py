"""Whom a household is known by in the log."""

from carecampaign.audit.services import keyed_digest


def household_of(organization_id: int, household_key: str) -> str | None:
    """Give the digest of a household; None for somebody who is of none that is known.

    A code stands for a household among those that one union keeps: two unions may well use
    the same one.
    """
    if not household_key:
        return None
    return keyed_digest(f"household {organization_id} {household_key}")
