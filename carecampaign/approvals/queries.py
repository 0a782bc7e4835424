"""What was asked about a subject, and what was decided."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from carecampaign.access.actor import Actor
from carecampaign.approvals.models import ApprovalRequest, Decision
from carecampaign.core.db import Model, db


def requests_about(subject: Model) -> Sequence[ApprovalRequest]:
    """List what was asked about a subject, the latest first, with who asked and who decided."""
    return db.session.scalars(
        select(ApprovalRequest)
        .where(*_about(subject))
        .options(joinedload(ApprovalRequest.asked_by), joinedload(ApprovalRequest.decided_by))
        .order_by(ApprovalRequest.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def find_open_request(subject: Model) -> ApprovalRequest | None:
    """Find the question about a subject that nobody has decided yet."""
    return db.session.scalar(
        select(ApprovalRequest).where(
            *_about(subject), ApprovalRequest.decision == Decision.WAITING
        )
    )


def prepared_by_another(
    actor: Actor, subject: type[Model], subject_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Give the condition that a question about a row is open that the actor may decide."""
    return subject_id.in_(_open_questions(subject).where(_asked_by_another(actor)))


def may_decide(actor: Actor, request: ApprovalRequest | None) -> bool:
    """Say whether a question is open and asked by somebody else than the actor."""
    return (
        request is not None
        and request.decision is Decision.WAITING
        and request.asked_by_id != actor.id
    )


def _open_questions(subject: type[Model]) -> Select[int]:
    return select(ApprovalRequest.subject_id).where(
        ApprovalRequest.subject_kind == subject.__tablename__,
        ApprovalRequest.decision == Decision.WAITING,
    )


def _asked_by_another(actor: Actor) -> ColumnElement[bool]:
    return ApprovalRequest.asked_by_id.is_distinct_from(actor.id)


def _about(subject: Model) -> tuple[ColumnElement[bool], ...]:
    return (
        ApprovalRequest.subject_kind == subject.__tablename__,
        ApprovalRequest.subject_id == subject.id,
    )
