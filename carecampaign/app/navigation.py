"""The menu: what there is, for whom."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for
from flask_babel.speaklater import LazyString
from flask_login import current_user

from carecampaign.access.permissions import Permission
from carecampaign.core.i18n import _, _l
from carecampaign.core.views import local_path

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
            Entry(_l("Cards"), "beneficiaries.cards", "id-badge-2", P.BENEFICIARIES_VIEW),
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
            Entry(_l("Retention"), "privacy.rules", "hourglass", P.PRIVACY_MANAGE),
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


@dataclass(frozen=True)
class WayBack:
    """Where somebody may go on who got stuck."""

    label: str
    url: str
    icon: str


def ways_back() -> list[WayBack]:
    """Give the ways on from an error: to the page one came from, to the list of the area."""
    ways = []
    came_from = _page_before()
    if came_from is not None:
        ways.append(WayBack(_("Back to the page before"), came_from, "arrow-left"))
    entry = _active_entry() if current_user.is_authenticated else None
    if entry is not None and (entry.permission is None or current_user.can(entry.permission)):
        words = _("To the list: %(name)s", name=entry.label)
        ways.append(WayBack(words, url_for(entry.endpoint), entry.icon))
    return [way for way in ways if way.url != request.full_path.rstrip("?")]


def _page_before() -> str | None:
    """Give the address of the page that led here, if it is one of this site."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:  # what a browser never sends
        return None
    if before.netloc != request.host:
        return None
    path = f"{before.path}?{before.query}" if before.query else before.path
    return path if local_path(path) == path else None


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
