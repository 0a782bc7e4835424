"""The menu: what there is, for whom."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel.speaklater import LazyString
from flask_login import current_user

from carecampaign.access.permissions import Permission
from carecampaign.core.i18n import _l

P = Permission


@dataclass(frozen=True)
class Entry:
    """A menu entry, shown to those who hold its permission (None: to everyone signed in)."""

    label: LazyString
    endpoint: str
    icon: str
    permission: P | None = None
    stands_for_area: bool = True
    """Whether it is the active entry on the pages below it, too."""


MENU: tuple[tuple[LazyString, tuple[Entry, ...]], ...] = (
    (
        _l("Work"),
        (
            Entry(_l("Start"), "reports.start", "home", stands_for_area=False),
            Entry(_l("Campaigns"), "campaigns.index", "heart-handshake", P.CAMPAIGNS_VIEW),
            Entry(_l("Distribution events"), "distributions.index", "gift", P.DISTRIBUTIONS_VIEW),
            Entry(_l("Reports"), "reports.index", "chart-bar", P.REPORTS_VIEW),
        ),
    ),
    (
        _l("Stock"),
        (
            Entry(_l("Stock"), "inventory.stock", "packages", P.INVENTORY_VIEW),
            Entry(_l("Stock documents"), "inventory.documents", "file-text", P.INVENTORY_VIEW),
            Entry(_l("Items"), "catalogue.items", "box", P.CATALOGUE_VIEW),
            Entry(_l("Care packages"), "catalogue.packages", "package", P.CATALOGUE_VIEW),
        ),
    ),
    (
        _l("Places and people"),
        (
            Entry(_l("Warm stations"), "stations.index", "building-store", P.STATIONS_VIEW),
            Entry(_l("Persons"), "beneficiaries.persons", "users", P.BENEFICIARIES_VIEW),
            Entry(_l("Occupations"), "beneficiaries.occupations", "helmet", P.BENEFICIARIES_VIEW),
        ),
    ),
    (
        _l("Administration"),
        (
            Entry(_l("Organizations"), "organizations.index", "sitemap", P.ORGANIZATIONS_VIEW),
            Entry(_l("Fund sources"), "funds.index", "coin-yuan", P.FUNDS_VIEW),
            Entry(_l("User accounts"), "accounts.index", "user-cog", P.ACCOUNTS_MANAGE),
            Entry(_l("Jobs"), "jobs.index", "clock-play", None),
            Entry(_l("Audit log"), "audit.index", "shield-check", P.AUDIT_VIEW),
        ),
    ),
)


def navigation() -> list[dict[str, Any]]:
    """Give the sections of the menu that the person signed in may use."""
    if not current_user.is_authenticated:
        return []
    area = (request.endpoint or "").partition(".")[0]
    sections = []
    for label, entries in MENU:
        items = [
            {
                "label": entry.label,
                "url": url_for(entry.endpoint),
                "icon": entry.icon,
                "active": _is_active(entry, area),
            }
            for entry in entries
            if entry.permission is None or current_user.can(entry.permission)
        ]
        if items:
            sections.append({"label": label, "items": items})
    return sections


def _is_active(entry: Entry, area: str) -> bool:
    entries = [other for _label, section in MENU for other in section]
    if request.endpoint in {other.endpoint for other in entries}:
        return entry.endpoint == request.endpoint
    # A page below: the first entry of its area stands for it.
    of_area = (e for e in entries if e.stands_for_area and e.endpoint.startswith(f"{area}."))
    return entry == next(of_area, None)
