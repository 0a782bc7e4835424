"""What requisitions, write-offs and stock-takes have in common as lists and pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.approvals.queries import find_open_request, may_decide, prepared_by_another
from carecampaign.core.i18n import Labelled, _l
from carecampaign.core.listing import Column, Moment, by_member
from carecampaign.inventory.models import Requisition, StockLocation, StockTake, WriteOff
from carecampaign.inventory.queries.locations import ids_seen_by
from carecampaign.inventory.words import bare_number
from carecampaign.organizations.models import Organization

Form = TypeVar("Form", Requisition, StockTake, WriteOff)
Place = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class PreparedFilters:
    """What a list of forms is narrowed to; the period is of dates on the paper, both included."""

    state: Labelled | None = None
    location: int | None = None
    since: date | None = None
    until: date | None = None


def number_and_date(form: type[Form]) -> tuple[Column[Form], Column[Form]]:
    """Make the columns every list of forms begins with."""
    return (
        Column("number", _l("Number"), bare_number, form.id),
        Moment("date", _l("Date"), lambda row: row.dated_on, form.dated_on),
    )


def where_it_is() -> Column[Any]:
    """Make the column of the one place a form is about."""
    return Column("place", _l("Stock location"), lambda row: row.location.name, StockLocation.name)


def state_of(form: type[Form], states: type[Labelled]) -> Column[Form]:
    """Make the column every list of forms ends with."""
    return Column("state", _l("State"), lambda row: row.state, by_member(form.state, states))


def at_places_seen_by(actor: Actor, form: type[StockTake] | type[WriteOff]) -> Select[Any]:
    """Select the forms about a place the actor sees."""
    return select(form).where(form.location_id.in_(ids_seen_by(actor)))


def narrowed(
    statement: Select[Any], form: type[Form], filters: PreparedFilters, places: Iterable[Place]
) -> Select[Any]:
    """Narrow a list of forms; ``places`` are the columns that name a location."""
    if filters.state is not None:
        statement = statement.where(form.state == filters.state)
    if filters.location is not None:
        statement = statement.where(or_(*(column == filters.location for column in places)))
    if filters.since is not None:
        statement = statement.where(form.dated_on >= filters.since)
    if filters.until is not None:
        statement = statement.where(form.dated_on <= filters.until)
    return statement


def decides_for(actor: Actor, form: Form) -> bool:
    """Say whether the actor approves for the organisation of a form, whatever its state."""
    return covers(actor.paths(Permission.INVENTORY_APPROVE), form.organization.path)


def may_decide_now(actor: Actor, form: Form) -> bool:
    """Say whether a form waits for a decision that the actor may take."""
    return decides_for(actor, form) and may_decide(actor, find_open_request(form))


def waits_for(actor: Actor, form: type[Form]) -> ColumnElement[bool]:
    """Give the condition that a form waits for a decision that the actor may take."""
    reached = within(Organization.path, actor.paths(Permission.INVENTORY_APPROVE))
    return form.organization_id.in_(select(Organization.id).where(reached)) & prepared_by_another(
        actor, form, form.id
    )
