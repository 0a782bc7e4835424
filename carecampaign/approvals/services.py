"""Ask for an approval, decide on it, take the question back.

Whoever prepares something does not approve it (DOMAIN.md, REQ-1.6): that rule stands here and
nowhere else.
"""

from collections.abc import Collection

from sqlalchemy import update

from carecampaign.access.actor import Actor
from carecampaign.approvals.models import ApprovalRequest, Decision
from carecampaign.approvals.queries import find_open_request
from carecampaign.core import clock
from carecampaign.core.db import Model, db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l


class AlreadyDecided(Conflict):
    """Somebody else decided on it, or it was taken back."""

    def __init__(self) -> None:
        super().__init__(_l("This does not wait for a decision any more. Nothing was changed."))


class PreparerMayNotDecide(DomainError):
    """Whoever prepared it does not decide on it."""

    def __init__(self) -> None:
        super().__init__(_l("You prepared this: somebody else has to decide on it."))


def ask(subject: Model, *, by: Actor) -> ApprovalRequest:
    """Ask whoever approves about a subject, which is saved already."""
    request = ApprovalRequest(
        subject_kind=subject.__tablename__, subject_id=subject.id, asked_by_id=by.id
    )
    db.session.add(request)
    db.session.flush()
    return request


def approve(
    subject: Model, *, by: Actor, comment: str = "", also_prepared_by: Collection[int | None] = ()
) -> None:
    """Approve what is asked about a subject.

    ``also_prepared_by`` are the ids of others who prepared it. Raises AlreadyDecided,
    PreparerMayNotDecide.
    """
    _decide(subject, Decision.APPROVED, comment=comment, by=by, others=also_prepared_by)


def refuse(
    subject: Model, *, comment: str, by: Actor, also_prepared_by: Collection[int | None] = ()
) -> None:
    """Refuse what is asked about a subject, and say why.

    Raises AlreadyDecided, PreparerMayNotDecide.
    """
    _decide(subject, Decision.REFUSED, comment=comment, by=by, others=also_prepared_by)


def withdraw(subject: Model, *, by: Actor) -> None:
    """Take the question back before anybody decides. Raises AlreadyDecided."""
    _close(_open_request(subject), Decision.WITHDRAWN, comment="", by=by)


def _decide(
    subject: Model,
    decision: Decision,
    *,
    comment: str,
    by: Actor,
    others: Collection[int | None],
) -> None:
    request = _open_request(subject)
    if by.id in {request.asked_by_id, *others}:
        raise PreparerMayNotDecide
    _close(request, decision, comment=comment, by=by)


def _open_request(subject: Model) -> ApprovalRequest:
    request = find_open_request(subject)
    if request is None:
        raise AlreadyDecided
    return request


def _close(request: ApprovalRequest, decision: Decision, *, comment: str, by: Actor) -> None:
    """Decide by a guarded UPDATE, so that of two people at once one is told."""
    decided = db.session.scalar(
        update(ApprovalRequest)
        .where(ApprovalRequest.id == request.id, ApprovalRequest.decision == Decision.WAITING)
        .values(decision=decision, comment=comment, decided_by_id=by.id, decided_at=clock.now())
        .returning(ApprovalRequest.id)
        .execution_options(synchronize_session=False)
    )
    if decided is None:
        raise AlreadyDecided
    db.session.refresh(request)
