"""The distribution log of an event, filtered, as rows for the screen and for a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.numbers import mask_name
from carecampaign.campaigns.models import CampaignGroup
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing, Moment, Sum, Yuan
from carecampaign.distributions.models import (
    DistributionEvent,
    Handout,
    HandoutVoid,
    PhoneEntry,
    Tally,
)

Kept = aliased(Person)
"""Who a person is kept as, where their entry was merged into another."""


@dataclass(frozen=True)
class LogFilter:
    """What of the log to show; every part may be empty."""

    validity: str = ""
    """"valid", "voided", or "" for both."""
    group_id: int | None = None
    item_id: int | None = None
    text: str = ""
    from_day: date | None = None
    to_day: date | None = None


def items_of(event: DistributionEvent) -> Sequence[Item]:
    """The items the event handed out, by name."""
    return db.session.scalars(
        select(Item)
        .where(Item.id.in_(select(Tally.item_id).where(Tally.event_id == event.id)))
        .order_by(Item.name, Item.id)
    ).all()


_GROUP = (
    select(CampaignGroup.name)
    .where(CampaignGroup.id == Handout.group_id)
    .correlate(Handout)
    .scalar_subquery()
)
_ITEM = select(Item.name).where(Item.id == Handout.item_id).correlate(Handout).scalar_subquery()


def _counted(figure: Any) -> ColumnElement[int]:  # noqa: ANN401 - a column of handouts
    return case((HandoutVoid.id.is_(None), figure), else_=0)


def _counts(handout: Handout, figure: int) -> int:
    return 0 if handout.void else figure


def state_of(handout: Handout) -> str:
    """Say whether a handout counts, and if not, why."""
    if handout.void is None:
        return _("Valid")
    return _("Voided: %(reason)s", reason=handout.void.reason)


LOG: Listing[Handout] = Listing(
    _l("Distribution log"),
    (
        Moment("time", _l("Time"), lambda row: row.happened_at, Handout.happened_at),
        Moment(
            "recorded",
            _l("Recorded at"),
            lambda row: row.recorded_at,
            Handout.recorded_at,
            optional=True,
        ),
        Column("group", _l("Target group"), lambda row: in_language(row.group), _GROUP),
        Column(
            "person",
            _l("Full name"),
            lambda row: mask_name(row.person.as_kept.name) if row.person else "",
            Kept.name,
        ),
        Column(
            "employer",
            _l("Unit or platform"),
            lambda row: row.person.as_kept.employer if row.person else "",
            Kept.employer,
            optional=True,
        ),
        Column("item", _l("Item"), lambda row: row.item.name, _ITEM),
        Sum(
            "quantity",
            _l("Quantity"),
            lambda row: row.quantity,
            _counted(Handout.quantity),
            adds=lambda row: _counts(row, row.quantity),
        ),
        Sum(
            "person_times",
            _l("Person-times"),
            lambda row: row.head_count,
            _counted(Handout.head_count),
            adds=lambda row: _counts(row, row.head_count),
        ),
        Yuan(
            "value",
            _l("Value"),
            lambda row: row.value,
            _counted(Handout.value),
            adds=lambda row: _counts(row, row.value),
        ),
        Column(
            "logged_by",
            _l("Logged by"),
            attrgetter("logger_name"),
        ),
        Column("state", _l("State"), state_of, HandoutVoid.id.is_not(None)),
        Column("note", _l("Note"), lambda row: row.note, optional=True),
    ),
    order=(Handout.recorded_at.desc(), Handout.id.desc()),
)
"""A voided handout is listed, and counts for nothing in the sums. A file masks the names."""


def log_of(event: DistributionEvent, wanted: LogFilter) -> Select[Any]:
    """Select the log of an event, narrowed by the filters."""
    statement = (
        select(Handout)
        .outerjoin(Handout.void)
        .outerjoin(Handout.person)
        .outerjoin(Kept, Kept.id == func.coalesce(Person.merged_into_id, Person.id))
        .where(Handout.event_id == event.id)
        .options(
            contains_eager(Handout.void).joinedload(HandoutVoid.voided_by),
            contains_eager(Handout.person),
            joinedload(Handout.group),
            joinedload(Handout.item),
            joinedload(Handout.logged_by),
            joinedload(Handout.phone_entry).joinedload(PhoneEntry.phone),
        )
    )
    return _filtered(statement, wanted)


def _filtered(statement: Select[Any], wanted: LogFilter) -> Select[Any]:
    if wanted.validity == "valid":
        statement = statement.where(HandoutVoid.id.is_(None))
    if wanted.validity == "voided":
        statement = statement.where(HandoutVoid.id.is_not(None))
    if wanted.group_id:
        statement = statement.where(Handout.group_id == wanted.group_id)
    if wanted.item_id:
        statement = statement.where(Handout.item_id == wanted.item_id)
    if wanted.text:
        statement = statement.where(Kept.name.contains(wanted.text, autoescape=True))
    if wanted.from_day:
        statement = statement.where(Handout.happened_at >= clock.start_of(wanted.from_day))
    if wanted.to_day:
        statement = statement.where(Handout.happened_at < clock.end_of(wanted.to_day))
    return statement
