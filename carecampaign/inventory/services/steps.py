"""The steps of a form that has a life before it is posted: each is taken once, by one person."""

from datetime import date
from typing import TypeVar

from sqlalchemy import select, update

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models import DocumentKind, Requisition, StockTake, WriteOff
from carecampaign.inventory.services.documents import next_number
from carecampaign.organizations.models import Organization

Form = TypeVar("Form", Requisition, StockTake, WriteOff)


class MovedOn(Conflict):
    """The form is not in the state this step starts from: somebody else was faster."""

    def __init__(self, state: Labelled) -> None:
        super().__init__(
            _l(
                "This now has the state “%(state)s”: somebody else was faster. "
                "Nothing was changed.",
                state=state.label,
            )
        )


def number(form: Form, kind: DocumentKind, owner: Organization, dated_on: date) -> None:
    """Give a new form its date and its number, and save it."""
    form.organization, form.dated_on, form.year = owner, dated_on, dated_on.year
    form.number = next_number(kind, owner, form.year)
    db.session.add(form)
    db.session.flush()


def lock(form: Form, *states: Labelled) -> Form:
    """Read a form again and keep others from acting on it until this transaction ends.

    Raises MovedOn when it is in none of ``states``.
    """
    kind = type(form)
    locked = db.session.get_one(
        kind,
        form.id,
        populate_existing=True,
        # Not the strongest lock: rows that only refer to the form may be written.
        with_for_update={"key_share": True},
    )
    if locked.state not in states:
        raise MovedOn(locked.state)
    return locked


def move(form: Form, source: Labelled, target: Labelled, **values: object) -> None:
    """Change the state by a guarded UPDATE, so that of two people at once one is told.

    Raises MovedOn.
    """
    kind = type(form)
    moved = db.session.scalar(
        update(kind)
        .where(kind.id == form.id, kind.state == source)
        .values(state=target, **values)
        .returning(kind.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        now = db.session.scalar(select(kind.state).where(kind.id == form.id))
        raise MovedOn(now or form.state)
    db.session.refresh(form)


def record(action: str, form: Form, *, by: Actor, **changes: object) -> None:
    """Write what was done with a form into the audit log."""
    audit.record(
        action,
        form,
        by=by,
        name=f"{form.__tablename__} {form.year}/{form.number}",
        path=form.organization.path,
        changes=changes,
    )
