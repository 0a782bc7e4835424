"""Stock documents as lists and as papers to print."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import visible_to
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    DocumentState,
    LocationKind,
    Movement,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.queries.documents import documents_for, get_document_for
from carecampaign.inventory.queries.locations import ids_seen_by, reaches
from carecampaign.inventory.queries.pages.places import MOST_CHOICES
from carecampaign.organizations.models import Organization

REVERSIBLE_KINDS = frozenset(
    {
        DocumentKind.RECEIPT,
        DocumentKind.ASSEMBLY,
        DocumentKind.DISASSEMBLY,
        DocumentKind.TRANSFER,
        DocumentKind.RETURN,
    }
)
"""What is reversed here; the papers of a distribution event are put right with the event."""


@dataclass(frozen=True)
class DocumentFilters:
    """What the documents are narrowed to; the period is of dates on the paper, both included."""

    kind: DocumentKind | None = None
    state: DocumentState | None = None
    organization: int | None = None
    campaign: int | None = None
    location: int | None = None
    since: date | None = None
    until: date | None = None


def documents_matching(actor: Actor, filters: DocumentFilters) -> Select[StockDocument]:
    """Select the documents that match (to paginate), newest first."""
    statement = documents_for(
        actor,
        kind=filters.kind,
        state=filters.state,
        location_id=filters.location,
        campaign_id=filters.campaign,
        since=filters.since,
        until=filters.until,
    )
    if filters.organization is not None:
        statement = statement.where(StockDocument.organization_id == filters.organization)
    return statement.options(
        joinedload(StockDocument.organization), joinedload(StockDocument.campaign)
    )


def organizations_with_documents(actor: Actor) -> list[tuple[int, str]]:
    """Give the organisations whose documents the actor sees, by name."""
    seen = ids_seen_by(actor)
    owners = select(StockDocument.organization_id).where(
        or_(StockDocument.source_id.in_(seen), StockDocument.target_id.in_(seen))
    )
    rows = db.session.execute(
        select(Organization.id, Organization.name)
        .where(Organization.id.in_(owners))
        .order_by(Organization.name, Organization.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name) for row in rows]


def campaigns_with_documents(actor: Actor) -> list[tuple[int, str]]:
    """Give the campaigns, of those the actor sees, that documents name."""
    named = select(StockDocument.campaign_id).where(StockDocument.campaign_id.is_not(None))
    rows = db.session.execute(
        select(Campaign.id, Campaign.name)
        .where(Campaign.id.in_(named), visible_to(actor))
        .order_by(Campaign.year.desc(), Campaign.name, Campaign.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name) for row in rows]


def arriving_at(location: StockLocation) -> Sequence[StockDocument]:
    """List the transfers that are on their way to a place, the oldest first."""
    return db.session.scalars(
        select(StockDocument)
        .where(
            StockDocument.target_id == location.id,
            StockDocument.state == DocumentState.IN_TRANSIT,
        )
        .options(joinedload(StockDocument.source), joinedload(StockDocument.target))
        .order_by(StockDocument.dated_on, StockDocument.id)
    ).all()


def get_document_with_people(actor: Actor, document_id: int) -> StockDocument:
    """Get a document the actor sees, with lines and with who wrote it. Raises NotFound."""
    get_document_for(actor, document_id)
    return db.session.scalars(
        select(StockDocument)
        .where(StockDocument.id == document_id)
        .options(
            joinedload(StockDocument.organization),
            joinedload(StockDocument.source),
            joinedload(StockDocument.target),
            joinedload(StockDocument.campaign),
            joinedload(StockDocument.recorded_by),
            joinedload(StockDocument.received_by),
        )
    ).one()


def get_document_to_accept(actor: Actor, document_id: int) -> StockDocument:
    """Get a transfer to a place for which the actor accepts arrivals. Raises NotFound."""
    document = get_document_for(actor, document_id)
    is_transfer = document.kind is DocumentKind.TRANSFER
    if not is_transfer or not reaches(actor, document.target, Permission.INVENTORY_ACCEPT):
        raise NotFound(_l("There is no such transfer to accept."))
    return document


def get_document_to_reverse(actor: Actor, document_id: int) -> StockDocument:
    """Get a document that the actor keeps, whatever its state. Raises NotFound."""
    document = get_document_for(actor, document_id)
    if not _keeps(actor, document):
        raise NotFound(_l("There is no such stock document."))
    return document


def may_accept(actor: Actor, document: StockDocument) -> bool:
    """Say whether the actor can say now what arrived of a transfer."""
    return document.state is DocumentState.IN_TRANSIT and reaches(
        actor, document.target, Permission.INVENTORY_ACCEPT
    )


def may_reverse(actor: Actor, document: StockDocument) -> bool:
    """Say whether the actor can reverse a document as it stands."""
    is_open = document.state in {DocumentState.POSTED, DocumentState.IN_TRANSIT}
    return is_open and _keeps(actor, document)


def _keeps(actor: Actor, document: StockDocument) -> bool:
    return document.kind in REVERSIBLE_KINDS and covers(
        actor.paths(Permission.INVENTORY_KEEP), document.organization.path
    )


@dataclass(frozen=True)
class PaperLine:
    """A line as it is printed, with the movements that carried it out.

    ``movements`` are those of the paper itself: of a transfer what was sent, not what became
    of it. ``value`` is fen for the whole line.
    """

    line: DocumentLine
    movements: list[Movement]

    @property
    def value(self) -> int:
        return sum(row.value for row in self.movements)

    @property
    def is_input(self) -> bool:
        """Whether the line is what an assembly used up, rather than what it made."""
        return any(row.target.kind is LocationKind.ASSEMBLY for row in self.movements)


def paper_lines(document: StockDocument, movements: Iterable[Movement]) -> list[PaperLine]:
    """Give the lines of a document with their movements, corrections of lots left out."""
    by_line: defaultdict[Any, list[Movement]] = defaultdict(list)
    for row in movements:
        ends = {row.source.kind, row.target.kind}
        is_later = document.kind is DocumentKind.TRANSFER and row.source_id != document.source_id
        if LocationKind.SETTLEMENT not in ends and not is_later:
            by_line[row.document_line_id].append(row)
    return [PaperLine(line, by_line[line.id]) for line in document.lines]
