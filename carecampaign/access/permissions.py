"""Who may do what: the whole policy, on one page, free of Flask."""

from enum import StrEnum

from carecampaign.core.i18n import Labelled, _l


class Role(Labelled):
    """What a person does, at a node of the union tree (DOMAIN.md section 3)."""

    ADMINISTRATOR = "administrator", _l("System administrator")
    PLANNER = "planner", _l("Planner")
    APPROVER = "approver", _l("Approver")
    FINANCE = "finance", _l("Finance")
    STOREKEEPER = "storekeeper", _l("Storekeeper")
    STATION_LEAD = "station_lead", _l("Station lead")
    VOLUNTEER = "volunteer", _l("Volunteer")
    AUDITOR = "auditor", _l("Auditor")


STATION_ROLES = frozenset({Role.STATION_LEAD, Role.VOLUNTEER})
"""Roles that see the stations and events they belong to, not a part of the tree."""


class Permission(StrEnum):
    """Named ``<area>:<action>``, in the order of the alphabet."""

    ACCOUNTS_MANAGE = "accounts:manage"
    AUDIT_VIEW = "audit:view"
    BENEFICIARIES_MANAGE = "beneficiaries:manage"
    BENEFICIARIES_REVEAL = "beneficiaries:reveal"
    BENEFICIARIES_VIEW = "beneficiaries:view"
    CAMPAIGNS_APPROVE = "campaigns:approve"
    CAMPAIGNS_PLAN = "campaigns:plan"
    CAMPAIGNS_VIEW = "campaigns:view"
    CATALOGUE_MANAGE = "catalogue:manage"
    CATALOGUE_VIEW = "catalogue:view"
    DISTRIBUTIONS_LEAD = "distributions:lead"
    DISTRIBUTIONS_LOG = "distributions:log"
    DISTRIBUTIONS_PLAN = "distributions:plan"
    DISTRIBUTIONS_SETTLE = "distributions:settle"
    DISTRIBUTIONS_VIEW = "distributions:view"
    FUNDS_MANAGE = "funds:manage"
    FUNDS_VIEW = "funds:view"
    HOLIDAYS_MANAGE = "holidays:manage"
    HOLIDAYS_VIEW = "holidays:view"
    INVENTORY_ACCEPT = "inventory:accept"
    INVENTORY_APPROVE = "inventory:approve"
    INVENTORY_COUNT = "inventory:count"
    INVENTORY_KEEP = "inventory:keep"
    INVENTORY_REQUEST = "inventory:request"
    INVENTORY_VERIFY = "inventory:verify"
    INVENTORY_VIEW = "inventory:view"
    ORGANIZATIONS_MANAGE = "organizations:manage"
    ORGANIZATIONS_VIEW = "organizations:view"
    PRIVACY_APPROVE = "privacy:approve"
    PRIVACY_MANAGE = "privacy:manage"
    REPORTS_EXPORT = "reports:export"
    REPORTS_VIEW = "reports:view"
    STATIONS_MANAGE = "stations:manage"
    STATIONS_VIEW = "stations:view"


P = Permission

_STAFF = frozenset(
    {
        P.BENEFICIARIES_VIEW,
        P.CAMPAIGNS_VIEW,
        P.CATALOGUE_VIEW,
        P.DISTRIBUTIONS_VIEW,
        P.FUNDS_VIEW,
        P.HOLIDAYS_VIEW,
        P.INVENTORY_VIEW,
        P.ORGANIZATIONS_VIEW,
        P.REPORTS_EXPORT,
        P.REPORTS_VIEW,
        P.STATIONS_VIEW,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _STAFF
    | {
        P.ACCOUNTS_MANAGE,
        P.AUDIT_VIEW,
        P.BENEFICIARIES_MANAGE,
        P.CATALOGUE_MANAGE,
        P.FUNDS_MANAGE,
        P.HOLIDAYS_MANAGE,
        P.ORGANIZATIONS_MANAGE,
        P.PRIVACY_MANAGE,
        P.STATIONS_MANAGE,
    },
    Role.PLANNER: _STAFF
    | {
        P.BENEFICIARIES_MANAGE,
        P.BENEFICIARIES_REVEAL,
        P.CAMPAIGNS_PLAN,
        P.CATALOGUE_MANAGE,
        P.DISTRIBUTIONS_LEAD,
        P.DISTRIBUTIONS_LOG,
        P.DISTRIBUTIONS_PLAN,
        P.DISTRIBUTIONS_SETTLE,
        P.INVENTORY_REQUEST,
        P.STATIONS_MANAGE,
    },
    Role.APPROVER: _STAFF | {P.CAMPAIGNS_APPROVE, P.INVENTORY_APPROVE, P.PRIVACY_APPROVE},
    Role.FINANCE: _STAFF | {P.FUNDS_MANAGE},
    Role.STOREKEEPER: _STAFF
    | {
        P.CATALOGUE_MANAGE,
        P.INVENTORY_ACCEPT,
        P.INVENTORY_COUNT,
        P.INVENTORY_KEEP,
        P.INVENTORY_VERIFY,
    },
    Role.STATION_LEAD: frozenset(
        {
            P.DISTRIBUTIONS_LEAD,
            P.DISTRIBUTIONS_LOG,
            P.DISTRIBUTIONS_SETTLE,
            P.DISTRIBUTIONS_VIEW,
            P.INVENTORY_ACCEPT,
            P.INVENTORY_COUNT,
            P.INVENTORY_REQUEST,
            P.INVENTORY_VIEW,
            P.REPORTS_VIEW,
            P.STATIONS_VIEW,
        }
    ),
    Role.VOLUNTEER: frozenset({P.DISTRIBUTIONS_LOG, P.DISTRIBUTIONS_VIEW, P.STATIONS_VIEW}),
    Role.AUDITOR: _STAFF | {P.AUDIT_VIEW, P.BENEFICIARIES_REVEAL, P.INVENTORY_VERIFY},
}
