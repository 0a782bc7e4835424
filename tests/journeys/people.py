"""Who takes part in the journeys: a district with two unions below it, and its people."""

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.passwords import hash_password
from carecampaign.beneficiaries.services import install_taxonomy
from carecampaign.core.db import db
from carecampaign.organizations.models import OrganizationKind
from tests.factories import OrganizationFactory, UserFactory

PASSWORD = "warm-drinks-for-riders"
PASSWORD_HASH = hash_password(PASSWORD)
DISTRICT = "北辰区总工会"
STREET = "青年路街道总工会"
INDUSTRY = "北辰区快递行业工会"
PEOPLE = {
    Role.PLANNER: "陈策划",
    Role.APPROVER: "李审批",
    Role.FINANCE: "王财务",
    Role.STOREKEEPER: "赵保管",
    Role.STATION_LEAD: "孙站长",
    Role.VOLUNTEER: "周志愿",
    Role.AUDITOR: "吴监督",
}
"""One person for each role; they sign in with the role's name."""


def found_the_district() -> None:
    """Set up the unions, everybody's account with a password, and the occupations."""
    district = OrganizationFactory(name=DISTRICT, kind=OrganizationKind.DISTRICT)
    OrganizationFactory(name=STREET, kind=OrganizationKind.STREET, parent=district)
    OrganizationFactory(name=INDUSTRY, kind=OrganizationKind.INDUSTRY, parent=district)
    for role, name in PEOPLE.items():
        UserFactory(
            username=role.value,
            name=name,
            role=role,
            organization=district,
            password_hash=PASSWORD_HASH,
        )
    install_taxonomy(by=SYSTEM)
    db.session.commit()
