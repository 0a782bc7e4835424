"""The distribution log of an event, filtered, as rows for the screen and for a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from carecampaign.beneficiaries.models import Person
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.listing import Page, paginate
from carecampaign.distributions.models import DistributionEvent, Handout, HandoutVoid, Tally

CHUNK = 1000


class Validity(StrEnum):
    """Which handouts to list."""

    VALID = "valid"
    VOIDED = "voided"
    ALL = "all"


@dataclass(frozen=True)
class LogFilter:
    """What of the log to show; every part may be empty."""

    validity: Validity = Validity.ALL
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


def page_of_log(event: DistributionEvent, wanted: LogFilter, *, page: int) -> Page[Handout]:
    """One page of the event's log, newest first."""
    return paginate(_log(event, wanted), page=page)


def whole_log(event: DistributionEvent, wanted: LogFilter) -> Iterator[Handout]:
    """The whole filtered log, newest first, fetched in chunks."""
    rows = db.session.scalars(_log(event, wanted).execution_options(yield_per=CHUNK))
    yield from rows


def _log(event: DistributionEvent, wanted: LogFilter) -> Select[Any]:
    statement = (
        select(Handout)
        .outerjoin(Handout.void)
        .outerjoin(Handout.person)
        .where(Handout.event_id == event.id)
        .options(
            contains_eager(Handout.void).joinedload(HandoutVoid.voided_by),
            contains_eager(Handout.person),
            joinedload(Handout.group),
            joinedload(Handout.item),
            joinedload(Handout.logged_by),
        )
        .order_by(Handout.recorded_at.desc(), Handout.id.desc())
    )
    return _filtered(statement, wanted)


def _filtered(statement: Select[Any], wanted: LogFilter) -> Select[Any]:
    if wanted.validity is Validity.VALID:
        statement = statement.where(HandoutVoid.id.is_(None))
    if wanted.validity is Validity.VOIDED:
        statement = statement.where(HandoutVoid.id.is_not(None))
    if wanted.group_id:
        statement = statement.where(Handout.group_id == wanted.group_id)
    if wanted.item_id:
        statement = statement.where(Handout.item_id == wanted.item_id)
    if wanted.text:
        statement = statement.where(Person.name.contains(wanted.text, autoescape=True))
    if wanted.from_day:
        statement = statement.where(Handout.happened_at >= clock.start_of(wanted.from_day))
    if wanted.to_day:
        statement = statement.where(Handout.happened_at < clock.end_of(wanted.to_day))
    return statement
