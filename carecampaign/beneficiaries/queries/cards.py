"""Read cards and the batches they were printed in; find a card by its code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.beneficiaries.codes import CODE_LENGTH
from carecampaign.beneficiaries.keys import index_of_code, index_of_short_form
from carecampaign.beneficiaries.models import Card, CardBatch, CardState, Person
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment, Sum
from carecampaign.organizations.models import Organization

CONDITIONS = {
    CardState.BLANK: and_(Card.person_id.is_(None), Card.revoked_at.is_(None)),
    CardState.BOUND: and_(Card.person_id.is_not(None), Card.revoked_at.is_(None)),
    CardState.REVOKED: Card.revoked_at.is_not(None),
}
"""What ``Card.state`` says of a row, as SQL."""


class NoSuchCard(NotFound):
    """No card has this code, or none that the person may see."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("There is no such card, or it is not yours to see."))


def is_card(code: str) -> ColumnElement[bool]:
    """Give the condition that a ``Card`` is the one with a code, as ``read_code`` gives it."""
    if len(code) == CODE_LENGTH:
        return Card.code_index == index_of_code(code)
    return Card.short_index == index_of_short_form(code)


def find_card(code: str) -> Card | None:
    """Find the card with a code, whoever printed it and whosever it is."""
    found: Card | None = db.session.scalar(_cards().where(is_card(code)))
    return found


def get_card_for(actor: Actor, card_id: int, *, lock: bool = False) -> Card:
    """Give a card that the actor looks after: of their batches, or of their persons.

    Raises NoSuchCard for any other. ``lock`` holds it until the transaction ends.
    """
    statement = _cards().where(Card.id == card_id)
    card = db.session.scalar(statement.with_for_update(of=Card) if lock else statement)
    if card is None or not looks_after(actor, card):
        raise NoSuchCard
    found: Card = card
    return found


def get_blank_for(actor: Actor, card_id: int) -> Card:
    """Give a card that the actor may bind, should it still be blank. Raises NoSuchCard."""
    card: Card | None = db.session.scalar(_cards().where(Card.id == card_id))
    if card is None or not may_bind(actor, card):
        raise NoSuchCard
    return card


def looks_after(actor: Actor, card: Card) -> bool:
    """Say whether a card is of a batch, or of a person, that the actor looks after."""
    paths = actor.paths(Permission.BENEFICIARIES_MANAGE)
    return covers(paths, card.batch.organization.path) or (
        card.person is not None and covers(paths, card.person.organization.path)
    )


def may_bind(actor: Actor, card: Card) -> bool:
    """Say whether the actor may bind a card to one of their persons.

    Cards printed for a union are also for those below it, who have them in their hands.
    """
    printed_for = card.batch.organization.path
    return any(
        path.startswith(printed_for) or printed_for.startswith(path)
        for path in actor.paths(Permission.BENEFICIARIES_MANAGE)
    )


def cards_of_person(person: Person) -> Sequence[Card]:
    """List the cards a person was given, the newest first."""
    return db.session.scalars(
        _cards().where(Card.person_id == person.id).order_by(Card.bound_at.desc(), Card.id.desc())
    ).all()


def get_batch_for(
    actor: Actor,
    batch_id: int,
    permission: Permission = Permission.BENEFICIARIES_VIEW,
    *,
    lock: bool = False,
) -> CardBatch:
    """Give a batch printed for an organisation that ``permission`` reaches. Raises NotFound."""
    statement = _batches(actor, permission).where(CardBatch.id == batch_id)
    batch = db.session.scalar(statement.with_for_update(of=CardBatch) if lock else statement)
    if batch is None:
        raise NotFound(_l("There is no such batch of cards, or it is not yours to see."))
    return batch


def batches_for(actor: Actor, *, organization_id: int | None = None) -> Select[CardBatch]:
    """Select the batches within the actor's part of the tree; of one organisation and below."""
    statement = _batches(actor, Permission.BENEFICIARIES_VIEW)
    if organization_id is None:
        return statement
    path = db.session.scalar(select(Organization.path).where(Organization.id == organization_id))
    return statement.where(within(Organization.path, [] if path is None else [path]))


@dataclass(frozen=True)
class BatchRow:
    """A batch, and how many of its cards are in which state."""

    batch: CardBatch
    counts: dict[CardState, int]


def with_counts(batches: Sequence[CardBatch]) -> list[BatchRow]:
    """Give batches as rows of the list, in one query for all."""
    counts = _count_states([batch.id for batch in batches])
    return [BatchRow(batch, counts[batch.id]) for batch in batches]


def _count_states(batch_ids: Collection[int]) -> dict[int, dict[CardState, int]]:
    figures: Any = db.session.execute(
        select(
            Card.batch_id,
            *(func.count().filter(CONDITIONS[state]) for state in CardState),
        )
        .where(Card.batch_id.in_(batch_ids))
        .group_by(Card.batch_id)
    )
    return {batch_id: dict(zip(CardState, counts, strict=True)) for batch_id, *counts in figures}


def _number_in(state: CardState) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(Card.batch_id == CardBatch.id, CONDITIONS[state])
        .correlate(CardBatch)
        .scalar_subquery()
    )


BATCHES: Listing[BatchRow] = Listing(
    _l("Cards"),
    (
        Column("number", _l("Batch"), lambda row: f"№ {row.batch.id}", CardBatch.id),
        Column(
            "organization",
            _l("Printed for"),
            lambda row: row.batch.organization.short_name,
            Organization.short_name,
        ),
        Moment(
            "printed", _l("Printed on"), lambda row: row.batch.created_at, CardBatch.created_at
        ),
        Sum("size", _l("Cards"), lambda row: row.batch.size, CardBatch.size),
        Sum(
            "blank",
            _l("Blank"),
            lambda row: row.counts[CardState.BLANK],
            _number_in(CardState.BLANK),
        ),
        Sum(
            "bound",
            _l("Bound to a person"),
            lambda row: row.counts[CardState.BOUND],
            _number_in(CardState.BOUND),
        ),
        Sum(
            "revoked",
            _l("Revoked"),
            lambda row: row.counts[CardState.REVOKED],
            _number_in(CardState.REVOKED),
        ),
    ),
    order=(CardBatch.id.desc(),),
)


def cards_in(batch: CardBatch, *, state: CardState | None = None) -> Select[Card]:
    """Select the cards of a batch."""
    statement = _cards().where(Card.batch_id == batch.id)
    return statement if state is None else statement.where(CONDITIONS[state])


CARDS: Listing[Card] = Listing(
    _l("Cards of a batch"),
    (
        Column("number", _l("Card"), lambda card: f"№ {card.id}", Card.id),
        Column("state", _l("State"), lambda card: card.state),
        Column(
            "person",
            _l("Person"),
            lambda card: None if card.person_id is None else f"№ {card.person_id}",
            Card.person_id,
        ),
        Moment("bound", _l("Bound on"), lambda card: card.bound_at, Card.bound_at),
        Moment(
            "revoked",
            _l("Revoked on"),
            lambda card: card.revoked_at,
            Card.revoked_at,
            optional=True,
        ),
        Column("reason", _l("Reason"), lambda card: card.revocation, Card.revocation),
    ),
    order=(Card.id,),
)
"""Without names: whose a card is says the person's page, to whoever may open that."""


def _cards() -> Select[Any]:
    kept_by = joinedload(Card.person).options(
        joinedload(Person.organization), joinedload(Person.occupation)
    )
    return select(Card).options(joinedload(Card.batch).joinedload(CardBatch.organization), kept_by)


def _batches(actor: Actor, permission: Permission) -> Select[CardBatch]:
    return (
        select(CardBatch)
        .join(CardBatch.organization)
        .where(within(Organization.path, actor.paths(permission)))
        .options(contains_eager(CardBatch.organization))
        .order_by(CardBatch.id.desc())
    )
