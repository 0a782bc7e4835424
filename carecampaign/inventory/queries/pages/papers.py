"""Stock documents as lists and as papers to print."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import visible_to
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing, Moment, by_member
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    DocumentState,
    LocationKind,
    Movement,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.queries.contents import substitutes_in
from carecampaign.inventory.queries.documents import documents_for, get_document_for
from carecampaign.inventory.queries.locations import has_end_seen_by, reaches
from carecampaign.inventory.queries.pages.places import COUNTABLE, MOST_CHOICES, Places, places_for
from carecampaign.inventory.words import document_number, place_name, substitute_words
from carecampaign.organizations.models import Organization

REVERSIBLE_KINDS = frozenset(
    {
        DocumentKind.RECEIPT,
        DocumentKind.ASSEMBLY,
        DocumentKind.DISASSEMBLY,
        DocumentKind.TRANSFER,
        DocumentKind.RETURN,
        DocumentKind.ISSUE,
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


@dataclass(frozen=True)
class DocumentRow:
    """A document with what it takes to name the places it moves things between."""

    document: StockDocument
    places: Places


_ORGANIZATION = (
    select(Organization.short_name)
    .where(Organization.id == StockDocument.organization_id)
    .correlate(StockDocument)
    .scalar_subquery()
)
_CAMPAIGN = (
    select(Campaign.name)
    .where(Campaign.id == StockDocument.campaign_id)
    .correlate(StockDocument)
    .scalar_subquery()
)

DOCUMENTS: Listing[DocumentRow] = Listing(
    _l("Stock documents"),
    (
        Column(
            "document",
            _l("Document"),
            lambda row: document_number(row.document),
            StockDocument.year * 1_000_000 + StockDocument.number,
        ),
        Column(
            "kind",
            _l("Kind"),
            lambda row: row.document.kind,
            by_member(StockDocument.kind, DocumentKind),
            optional=True,
        ),
        Moment("date", _l("Date"), lambda row: row.document.dated_on, StockDocument.dated_on),
        Column(
            "source",
            _l("Source"),
            lambda row: place_name(row.document.source, row.places.destinations),
        ),
        Column(
            "target",
            _l("Destination"),
            lambda row: place_name(row.document.target, row.places.destinations),
        ),
        Column(
            "counterpart",
            _l("Supplier or donor"),
            lambda row: row.document.counterpart,
            StockDocument.counterpart,
            optional=True,
        ),
        Column(
            "organization",
            _l("Organization"),
            lambda row: row.document.organization.short_name,
            _ORGANIZATION,
        ),
        Column(
            "campaign",
            _l("Campaign"),
            lambda row: row.document.campaign.name if row.document.campaign else "",
            _CAMPAIGN,
        ),
        Column(
            "state",
            _l("State"),
            lambda row: row.document.state,
            by_member(StockDocument.state, DocumentState),
        ),
    ),
    order=(StockDocument.dated_on.desc(), StockDocument.id.desc()),
    countable=COUNTABLE,
)


def document_rows(actor: Actor, documents: Sequence[StockDocument]) -> list[DocumentRow]:
    """Give documents as rows of the list."""
    places = places_for(actor, [end for row in documents for end in (row.source, row.target)])
    return [DocumentRow(row, places) for row in documents]


def organizations_with_documents(actor: Actor) -> list[tuple[int, str]]:
    """Give the organisations whose documents the actor sees, by name."""
    has_one = exists().where(
        StockDocument.organization_id == Organization.id,
        has_end_seen_by(actor, StockDocument.source_id, StockDocument.target_id),
    )
    rows = db.session.execute(
        select(Organization.id, Organization.name)
        .where(has_one)
        .order_by(Organization.name, Organization.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name) for row in rows]


def campaigns_with_documents(actor: Actor) -> list[tuple[int, str]]:
    """Give the campaigns, of those the actor sees, that documents name."""
    is_named = exists().where(StockDocument.campaign_id == Campaign.id)
    rows = db.session.execute(
        select(Campaign.id, Campaign.name)
        .where(is_named, visible_to(actor))
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
    def is_loss(self) -> bool:
        """Whether a stock-take found pieces missing, rather than more than the books said."""
        return any(row.target.kind is LocationKind.LOSS for row in self.movements)

    @property
    def gain(self) -> int:
        """What a stock-take found to be there beyond the books (negative: missing), in fen."""
        return -self.value if self.is_loss else self.value

    @property
    def is_input(self) -> bool:
        """Whether the line is what an assembly used up, rather than what it made."""
        return any(row.target.kind is LocationKind.ASSEMBLY for row in self.movements)


def substitutes_on(movements: Iterable[Movement]) -> list[str]:
    """Say of the packages that moved what is in them instead of what their bill says, and why."""
    lots = {row.lot_id: row.lot for row in movements if row.lot is not None}
    return [
        _(
            "Batch %(code)s: %(substitute)s (%(reason)s)",
            code=lots[lot_id].code,
            substitute=substitute_words(row),
            reason=row.note,
        )
        for lot_id, contents in substitutes_in(lots).items()
        for row in contents
    ]


def paper_lines(document: StockDocument, movements: Iterable[Movement]) -> list[PaperLine]:
    """Give the lines of a document with their movements, corrections of lots left out."""
    by_line: defaultdict[Any, list[Movement]] = defaultdict(list)
    for row in movements:
        ends = {row.source.kind, row.target.kind}
        is_later = document.kind is DocumentKind.TRANSFER and row.source_id != document.source_id
        if LocationKind.SETTLEMENT not in ends and not is_later:
            by_line[row.document_line_id].append(row)
    return [PaperLine(line, by_line[line.id]) for line in document.lines]
