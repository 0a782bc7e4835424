"""Who signs in to the demo. All of them are made up, and their password is known to everyone."""

from collections.abc import Mapping
from dataclasses import dataclass

from carecampaign.access.actor import SYSTEM, Actor, Grant
from carecampaign.access.permissions import Role
from carecampaign.accounts import services as accounts
from carecampaign.accounts.models import User
from carecampaign.accounts.passwords import hash_password
from carecampaign.accounts.queries import grant_path
from carecampaign.organizations.models import Organization

PASSWORD = "carecampaign-demo"  # noqa: S105 - the password that the README prints


@dataclass(frozen=True)
class Account:
    """A sign-in of the demo."""

    username: str
    name: str
    role: Role


ACCOUNTS = (
    Account("admin", "演示管理员", Role.ADMINISTRATOR),
    Account("planner", "演示策划员", Role.PLANNER),
    Account("approver", "演示审批人", Role.APPROVER),
    Account("storekeeper", "演示保管员", Role.STOREKEEPER),
    Account("lead", "演示站长", Role.STATION_LEAD),
    Account("volunteer", "演示志愿者", Role.VOLUNTEER),
    Account("finance", "演示财务", Role.FINANCE),
    Account("auditor", "演示监督员", Role.AUDITOR),
)

Crew = Mapping[str, User]
"""The people of the demo by their account names."""


def hash_passwords() -> dict[str, str]:
    """Hash the password once for each account; takes its time, so outside a transaction."""
    return {account.username: hash_password(PASSWORD) for account in ACCOUNTS}


def build_crew(municipal: Organization, password_hashes: Mapping[str, str]) -> Crew:
    """Open the accounts, with their roles at the municipal federation.

    The administrator reaches the whole installation: the foundation and the partner body
    stand beside the tree.
    """
    crew = {}
    for account in ACCOUNTS:
        user = accounts.create_user(account.username, name=account.name, by=SYSTEM)
        place = None if account.role is Role.ADMINISTRATOR else municipal
        accounts.grant_role(user, account.role, place, by=SYSTEM)
        accounts.set_password(user, password_hashes[account.username], by=SYSTEM)
        crew[account.username] = user
    return crew


def acting(user: User) -> Actor:
    """Give a person of the demo as the one who acts."""
    grants = tuple(Grant(grant.role, grant_path(grant)) for grant in user.grants)
    return Actor(id=user.id, name=user.name, grants=grants)
