"""Posting a document: its number, its lines, their movements, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    DocumentState,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services import statements
from carecampaign.inventory.services.balances import Key, Level
from carecampaign.inventory.services.moves import Move, Portion, add_to_line, execute
from carecampaign.inventory.services.sealing import DOCUMENT, seal
from carecampaign.inventory.services.settlement import settle_shortages
from carecampaign.organizations.models import Organization


@dataclass
class PostedLine:
    """A line to be, with the moves that carry it out."""

    item: Item
    quantity: int
    moves: list[Move] = field(default_factory=list)
    ordered: int | None = None
    reason: str = ""


def moved(item: Item, source_id: int, target_id: int, portions: Sequence[Portion]) -> PostedLine:
    """Give the line of an item that moved as these portions."""
    return PostedLine(
        item,
        sum(portion.quantity for portion in portions),
        [Move(item.id, source_id, target_id, portion) for portion in portions],
    )


def new_document(
    kind: DocumentKind,
    source: StockLocation,
    target: StockLocation,
    *,
    campaign: Campaign | None = None,
    dated_on: date | None = None,
    **columns: Any,  # noqa: ANN401 - further columns of the document
) -> StockDocument:
    """Draft a document, dated today unless told otherwise; ``post`` numbers and keeps it."""
    return StockDocument(
        kind=kind,
        state=DocumentState.POSTED,
        source=source,
        target=target,
        campaign=campaign,
        dated_on=dated_on or clock.today(),
        **columns,
    )


def post(
    document: StockDocument,
    lines: Sequence[PostedLine],
    levels: Mapping[Key, Level],
    *,
    action: str,
    by: Actor,
) -> StockDocument:
    """Number a document that has no number yet, keep it, and post the movements of its lines.

    ``levels`` are what changing the balances gave: a shortage that what came in now covers is
    settled on the document's own lines.
    """
    now = clock.now()
    document.organization = document.organization or _owner_of(document)
    document.created_at = now
    document.recorded_by_id = by.id
    document.lines = [
        DocumentLine(
            item=line.item,
            quantity=line.quantity,
            ordered=line.ordered,
            difference_reason=line.reason,
        )
        for line in lines
    ]
    if document.number is None:
        document.year = document.dated_on.year
        document.number = next_number(document.kind, document.organization, document.year)
    db.session.add(document)
    db.session.flush()
    for row, line in zip(document.lines, lines, strict=True):
        add_to_line(row.id, line.moves, recorded_at=now)
    settle_on_lines(document, levels, recorded_at=now)
    seal(DOCUMENT, document)
    record(action, document, by=by)
    return document


def settle_on_lines(
    document: StockDocument, levels: Mapping[Key, Level], *, recorded_at: datetime
) -> None:
    """Settle what a document's arrivals cover, on its first line of the same item."""
    lines = {line.item_id: line.id for line in reversed(document.lines)}
    for move in settle_shortages(levels):
        add_to_line(lines[move.item_id], [move], recorded_at=recorded_at)


def lock_document(document: StockDocument) -> StockDocument:
    """Read a document again and keep others from acting on it until this transaction ends."""
    return db.session.get_one(
        StockDocument,
        document.id,
        populate_existing=True,
        # Not the strongest lock: movements that only refer to the row may go on.
        with_for_update={"key_share": True},
    )


def record(action: str, document: StockDocument, *, by: Actor) -> None:
    """Write what was done with a document into the audit log."""
    audit.record(
        action,
        document,
        by=by,
        name=f"{document.kind.value} {document.year}/{document.number}",
        path=document.organization.path,
        changes={
            "source": document.source.name,
            "target": document.target.name,
            "lines": [
                [line.item.name, line.quantity, line.received, line.ordered]
                for line in document.lines
            ],
            "note": document.note,
            **_further_facts(document),
        },
    )


def _further_facts(document: StockDocument) -> dict[str, object]:
    names = ("counterpart", "receiver", "purpose", "delivered_by", "inspected_by", "inspection")
    facts = {name: getattr(document, name) for name in names}
    return {name: value for name, value in facts.items() if value}


def _owner_of(document: StockDocument) -> Organization:
    owner = document.source.organization or document.target.organization
    if owner is None:
        message = "a document needs a place of an organisation at one of its ends"
        raise ValueError(message)
    return owner


def next_number(kind: DocumentKind, organization: Organization, year: int) -> int:
    """Give out the next number of a kind of form; take it after every other lock."""
    # The counter's row stays locked until the commit, so a number that is given out is used,
    # and everything else that can be waited for has been waited for.
    statement = statements.NEXT_NUMBER[db.session.connection().dialect.name]
    number: int = execute(
        statement,
        organization=organization.id,
        of_year=year,
        of_kind=kind,
    ).scalar_one()
    return number
