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
    """Whether it is the active entry on the pages whose address begins with its own, too."""


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
            Entry(
                _l("Requisitions"), "inventory.requisitions", "clipboard-list", P.INVENTORY_VIEW
            ),
            Entry(_l("Stock-takes"), "inventory.stock_takes", "checkbox", P.INVENTORY_VIEW),
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
            Entry(_l("Holidays"), "holidays.index", "calendar-event", P.HOLIDAYS_VIEW),
            Entry(_l("Jobs"), "jobs.index", "clock-play", None),
            Entry(_l("Audit log"), "audit.index", "shield-check", P.AUDIT_VIEW),
        ),
    ),
)


def navigation() -> list[dict[str, Any]]:
    """Give the sections of the menu that the person signed in may use."""
    if not current_user.is_authenticated:
        return []
    active = _active_entry()
    sections = []
    for label, entries in MENU:
        items = [
            {
                "label": entry.label,
                "url": url_for(entry.endpoint),
                "icon": entry.icon,
                "active": entry is active,
            }
            for entry in entries
            if entry.permission is None or current_user.can(entry.permission)
        ]
        if items:
            sections.append({"label": label, "items": items})
    return sections


def _active_entry() -> Entry | None:
    """Find the entry that a page is below: the one with the longest address it begins with."""
    above = [
        (len(address), number, entry)
        for number, entry in enumerate(entry for _label, section in MENU for entry in section)
        if _is_below(address := url_for(entry.endpoint), entry)
    ]
    return max(above)[-1] if above else None


def _is_below(address: str, entry: Entry) -> bool:
    path = f"{request.script_root}{request.path}"
    return path == address or (
        entry.stands_for_area and path.startswith(f"{address.rstrip('/')}/")
    )
