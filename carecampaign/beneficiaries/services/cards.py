"""Print cards, bind each to one person, take them out of use."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, insert, select, update

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.codes import draw_code, short_form
from carecampaign.beneficiaries.keys import index_of_code, index_of_short_form
from carecampaign.beneficiaries.models import Card, CardBatch, CardState, Person, Revocation
from carecampaign.beneficiaries.queries.cards import CONDITIONS
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


class AlreadyBound(Conflict):
    """The card is bound to a person already, perhaps by somebody who was faster."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("This card is bound to a person already. Take another card."))


class IsRevoked(Conflict):
    """The card was taken out of use."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("This card was taken out of use and is not valid any more."))


def draw_codes(count: int) -> list[str]:
    """Draw the codes of new cards: print them, then ``keep_batch``, and forget them."""
    return [draw_code() for _number in range(count)]


def keep_batch(organization: Organization, codes: Sequence[str], *, by: Actor) -> CardBatch:
    """Keep blank cards that were printed for an organisation, by the hashes of their codes."""
    batch = _keep(organization, codes)
    _record_batch("print_cards", batch, by=by, changes={"cards": batch.size})
    return batch


def keep_card(person: Person, code: str, *, by: Actor) -> Card:
    """Keep a card that was printed for a person, bound from the beginning."""
    batch = _keep(person.organization, [code], person_id=person.id, bound_at=clock.now())
    card = db.session.scalars(select(Card).where(Card.batch_id == batch.id)).one()
    _record("print_card", card, person, by=by)
    return card


def bind_card(card: Card, person: Person, *, by: Actor) -> None:
    """Bind a blank card to a person; of two who do it at once, one does.

    Raises AlreadyBound, IsRevoked.
    """
    bound = db.session.scalar(
        update(Card)
        .where(Card.id == card.id, CONDITIONS[CardState.BLANK])
        .values(person_id=person.id, bound_at=clock.now())
        .returning(Card.id)
    )
    db.session.refresh(card)
    if bound is None:
        raise IsRevoked if card.state is CardState.REVOKED else AlreadyBound
    _record("bind_card", card, person, by=by)


def revoke_card(card: Card, reason: Revocation, *, by: Actor) -> None:
    """Take a card out of use for good. Raises IsRevoked when it was already."""
    if not _revoke(Card.id == card.id, reason):
        raise IsRevoked
    db.session.refresh(card)
    changes = {"revocation": reason.value}
    if card.person is None:
        told = changes | {"card": f"№ {card.id}"}
        _record_batch("revoke_card", card.batch, by=by, changes=told)
    else:
        _record("revoke_card", card, card.person, by=by, changes=changes)


def revoke_batch(
    batch: CardBatch, reason: Revocation, *, with_bound: bool = False, by: Actor
) -> int:
    """Take the blank cards of a batch out of use, or with the bound ones all; give how many."""
    states = [CardState.BLANK, CardState.BOUND] if with_bound else [CardState.BLANK]
    count = sum(
        _revoke((Card.batch_id == batch.id) & CONDITIONS[state], reason) for state in states
    )
    if count:
        changes = {"cards": count, "revocation": reason.value}
        _record_batch("revoke_cards", batch, by=by, changes=changes)
    return count


def _keep(organization: Organization, codes: Sequence[str], **bound: object) -> CardBatch:
    batch = CardBatch(organization=organization, size=len(codes))
    db.session.add(batch)
    db.session.flush()
    rows = [
        {
            "batch_id": batch.id,
            "code_index": index_of_code(code),
            "short_index": index_of_short_form(short_form(code)),
            "created_at": batch.created_at,
            **bound,
        }
        for code in codes
    ]
    db.session.execute(insert(Card), rows)
    return batch


def _revoke(which: ColumnElement[bool], reason: Revocation) -> int:
    revoked = db.session.scalars(
        update(Card)
        .where(which, Card.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revocation=reason)
        .returning(Card.id)
        .execution_options(synchronize_session=False)
    )
    return len(revoked.all())


def _record_batch(
    verb: str, batch: CardBatch, *, by: Actor, changes: Mapping[str, object]
) -> None:
    audit.record(
        f"beneficiaries.{verb}",
        batch,
        by=by,
        name=f"№ {batch.id}",
        path=batch.organization.path,
        changes=changes,
    )


def _record(
    verb: str,
    card: Card,
    person: Person,
    *,
    by: Actor,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Add an entry to the person's history, which knows card and person by their numbers."""
    audit.record(
        f"beneficiaries.{verb}",
        person,
        by=by,
        name=f"№ {person.id}",
        path=person.organization.path,
        changes={"card": f"№ {card.id}", **(changes or {})},
    )
