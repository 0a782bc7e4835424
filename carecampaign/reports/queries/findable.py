"""What can be found: the lists, how each is asked for a text, and how its rows are named."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import Select, or_
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.accounts.models import User
from carecampaign.accounts.queries import UserFilters, users_for
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries import PersonFilters, persons_for
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import CampaignFilters, campaigns_for
from carecampaign.catalogue.models import CarePackage, Item
from carecampaign.catalogue.queries import ItemFilters, items_matching, packages_matching
from carecampaign.core.babel import in_language, show_date
from carecampaign.core.i18n import _, _l
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.queries import list_events_for
from carecampaign.inventory.models import VIRTUAL_KINDS, StockDocument, StockLocation
from carecampaign.inventory.queries import documents_for
from carecampaign.inventory.words import SHORT_KINDS, document_number
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import organizations_matching
from carecampaign.stations.models import Station
from carecampaign.stations.queries import StationFilters, stations_for

P = Permission

_NUMBER = re.compile(r"(?P<kind>\D*?)\s*(?:(?P<year>\d{4})[-/])?(?P<number>\d{1,9})")


@dataclass(frozen=True)
class Hit:
    """One row that was found: what it is called, what tells it from others, and its id."""

    id: int
    title: str
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """One list that is searched. ``find`` gives what of it the actor sees and the text is in.

    ``names`` are the columns that are compared as a whole and by their beginning, so that the
    best comes first; ``find`` gives None where the text cannot be in the list.
    """

    key: str
    label: LazyString
    icon: str
    permission: Permission
    page: tuple[str, str]
    """The endpoint of a row's page, and what the row's id is called there."""
    find: Callable[[Actor, str], Select[Any] | None]
    show: Callable[[Any], Hit]
    names: tuple[InstrumentedAttribute[Any], ...] = ()
    whole_list: tuple[str, str] | None = None
    """The endpoint of the list and the argument that takes the text, where it has one."""
    hint: LazyString | None = None


def _persons(actor: Actor, text: str) -> Select[Any]:
    return persons_for(actor, PersonFilters(text=text))


def _events(actor: Actor, text: str) -> Select[Any]:
    """Give events at a place, or on a day written as 2026-12-01, the latest first."""
    day = _day(text)
    found = DistributionEvent.place.icontains(text, autoescape=True)
    if day is not None:
        found = or_(found, DistributionEvent.held_on == day)
    return list_events_for(actor).where(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _documents(actor: Actor, text: str) -> Select[Any] | None:
    """Give the documents of a number as people quote it: 7, 2026-0007, 入库 2026-0007."""
    read = _NUMBER.fullmatch(text)
    if read is None:
        return None
    named = read["kind"].casefold()
    kinds = [kind for kind, word in SHORT_KINDS.items() if str(word).casefold() == named]
    if named and not kinds:
        return None
    statement = documents_for(actor).where(StockDocument.number == int(read["number"]))
    if kinds:
        statement = statement.where(StockDocument.kind.in_(kinds))
    if read["year"]:
        statement = statement.where(StockDocument.year == int(read["year"]))
    return statement


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _show_campaign(row: Campaign) -> Hit:
    note = _joined(row.organizer.short_name, str(row.year), str(row.state.label))
    return Hit(row.id, row.name, note)


def _show_event(row: DistributionEvent) -> Hit:
    note = _joined(show_date(row.held_on), str(row.state.label), row.campaign.name)
    return Hit(row.id, row.place, note)


def _show_document(row: StockDocument) -> Hit:
    way = f"{_place(row.source)} → {_place(row.target)}"
    note = _joined(show_date(row.dated_on), way)
    return Hit(row.id, document_number(row), note)


def _place(location: StockLocation) -> str:
    is_virtual = location.kind in VIRTUAL_KINDS
    return str(location.kind.label) if is_virtual else location.name


def _show_person(row: Person) -> Hit:
    return Hit(row.id, row.name, _joined(in_language(row.occupation), row.organization.short_name))


def _show_item(row: Item) -> Hit:
    return Hit(row.id, row.name, _joined(row.code, row.spec, _state(row.is_active)))


def _state(is_active: bool) -> str:  # noqa: FBT001 - the one thing it says
    return "" if is_active else _("Retired")


KINDS = (
    Kind(
        key="campaigns",
        label=_l("Campaigns"),
        icon="heart-handshake",
        permission=P.CAMPAIGNS_VIEW,
        page=("campaigns.show", "campaign_id"),
        find=lambda actor, text: campaigns_for(actor, CampaignFilters(text=text)),
        show=_show_campaign,
        names=(Campaign.name,),
        whole_list=("campaigns.index", "q"),
    ),
    Kind(
        key="stations",
        label=_l("Warm stations"),
        icon="building-store",
        permission=P.STATIONS_VIEW,
        page=("stations.show", "station_id"),
        find=lambda actor, text: stations_for(actor, StationFilters(text=text)),
        show=lambda row: Hit(
            row.id, row.name, _joined(row.code, row.address, str(row.status.label))
        ),
        names=(Station.code, Station.name),
        whole_list=("stations.index", "text"),
    ),
    Kind(
        key="events",
        label=_l("Distribution events"),
        icon="gift",
        permission=P.DISTRIBUTIONS_VIEW,
        page=("distributions.show", "event_id"),
        find=_events,
        show=_show_event,
        hint=_l("Add more of the place, or a day as 2026-12-01, to see fewer."),
    ),
    Kind(
        key="documents",
        label=_l("Stock documents"),
        icon="file-text",
        permission=P.INVENTORY_VIEW,
        page=("inventory.document", "document_id"),
        find=_documents,
        show=_show_document,
        hint=_l("Write kind and year before the number, too, to see fewer."),
    ),
    Kind(
        key="items",
        label=_l("Items"),
        icon="box",
        permission=P.CATALOGUE_VIEW,
        page=("catalogue.item", "item_id"),
        find=lambda _actor, text: items_matching(ItemFilters(text=text)),
        show=_show_item,
        names=(Item.code, Item.name),
        whole_list=("catalogue.items", "text"),
    ),
    Kind(
        key="packages",
        label=_l("Care packages"),
        icon="package",
        permission=P.CATALOGUE_VIEW,
        page=("catalogue.package", "package_id"),
        find=lambda _actor, text: packages_matching(text=text),
        show=lambda row: Hit(row.id, row.name, _state(row.is_active)),
        names=(CarePackage.name,),
        whole_list=("catalogue.packages", "text"),
    ),
    Kind(
        key="persons",
        label=_l("Persons"),
        icon="users",
        permission=P.BENEFICIARIES_VIEW,
        page=("beneficiaries.person", "person_id"),
        find=_persons,
        show=_show_person,
        names=(Person.name,),
        hint=_l("Write more of the name to see fewer."),
    ),
    Kind(
        key="organizations",
        label=_l("Organizations"),
        icon="sitemap",
        permission=P.ORGANIZATIONS_VIEW,
        page=("organizations.show", "organization_id"),
        find=organizations_matching,
        show=lambda row: Hit(row.id, row.name, _joined(str(row.kind.label), row.short_name)),
        names=(Organization.name, Organization.short_name),
        whole_list=("organizations.index", "q"),
    ),
    Kind(
        key="users",
        label=_l("User accounts"),
        icon="user-cog",
        permission=P.ACCOUNTS_MANAGE,
        page=("accounts.show", "user_id"),
        find=lambda actor, text: users_for(actor, UserFilters(text=text)),
        show=lambda row: Hit(row.id, row.name, row.username),
        names=(User.name, User.username),
        whole_list=("accounts.index", "q"),
    ),
)
"""The lists that are searched, in the order of the page."""
