"""What waits for a person: read across the areas, a few rows of each, within what they may do."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import organized_within, visible_to
from carecampaign.core import clock
from carecampaign.distributions.models import DistributionEvent, EventState, HandoutException
from carecampaign.distributions.queries import is_reached, list_late_changes_for, reach_of
from carecampaign.inventory.models import DocumentState, StockDocument, StockLocation
from carecampaign.inventory.queries import is_visible
from carecampaign.privacy.models import UnmaskedExport
from carecampaign.privacy.queries import exports
from carecampaign.reports.queries.bounded import Few, first_of

P = Permission
MOST = 6
"""Rows of one list on the start page; the rest is behind its link."""

WEEK = timedelta(days=7)
"""How far ahead the start page looks."""

ON_THE_WAY = timedelta(days=3)
"""Transfers take no longer; one that does is late."""


def events_to_log(actor: Actor) -> Few[DistributionEvent]:
    """Open events the person logs at, the latest day first."""
    return _events(
        actor, P.DISTRIBUTIONS_LOG, DistributionEvent.state == EventState.OPEN, newest_first=True
    )


def events_overdue(actor: Actor) -> Few[DistributionEvent]:
    """Events of an earlier day that were never opened, or are still open: the oldest first."""
    return _events(
        actor,
        P.DISTRIBUTIONS_LEAD,
        DistributionEvent.state.in_([EventState.PLANNED, EventState.OPEN]),
        DistributionEvent.held_on < clock.today(),
    )


def events_to_open(actor: Actor) -> Few[DistributionEvent]:
    """Events planned for today that were not opened yet."""
    return _events(
        actor,
        P.DISTRIBUTIONS_LEAD,
        DistributionEvent.state == EventState.PLANNED,
        DistributionEvent.held_on == clock.today(),
    )


def events_to_come(actor: Actor) -> Few[DistributionEvent]:
    """Events planned for today and the next seven days."""
    return _events(
        actor,
        P.DISTRIBUTIONS_VIEW,
        DistributionEvent.state == EventState.PLANNED,
        DistributionEvent.held_on >= clock.today(),
        DistributionEvent.held_on <= clock.today() + WEEK,
    )


def next_event(actor: Actor) -> DistributionEvent | None:
    """Give the next planned event the person sees, however far ahead."""
    found = _events(
        actor,
        P.DISTRIBUTIONS_VIEW,
        DistributionEvent.state == EventState.PLANNED,
        DistributionEvent.held_on >= clock.today(),
    )
    return found.rows[0] if found.rows else None


def events_changed(actor: Actor) -> Few[DistributionEvent]:
    """Events of one's own that were moved or cancelled and are not over, the latest first."""
    rows = list_late_changes_for(actor)
    return Few(rows, len(rows))


def exceptions_to_settle(actor: Actor) -> Few[Row[tuple[DistributionEvent, int]]]:
    """Events with handouts that broke a rule, and how many of them wait."""
    is_waiting = HandoutException.settled_at.is_(None)
    waiting = (
        select(func.count())
        .where(HandoutException.event_id == DistributionEvent.id, is_waiting)
        .correlate(DistributionEvent)
        .scalar_subquery()
    )
    statement = (
        _with_campaign()
        .add_columns(waiting.label("waiting"))
        .where(
            DistributionEvent.id.in_(select(HandoutException.event_id).where(is_waiting)),
            is_reached(reach_of(actor, P.DISTRIBUTIONS_SETTLE)),
        )
        .order_by(DistributionEvent.held_on, DistributionEvent.id)
    )
    return first_of(statement, MOST)


def campaigns_to_approve(actor: Actor) -> Few[Campaign]:
    """Submitted plans of the organisers the person approves for, the longest waiting first.

    Plans the person prepared are for others to decide on.
    """
    statement = _campaigns(actor, P.CAMPAIGNS_APPROVE, CampaignState.SUBMITTED).where(
        or_(Campaign.drafted_by_id.is_(None), Campaign.drafted_by_id != actor.id),
        or_(Campaign.submitted_by_id.is_(None), Campaign.submitted_by_id != actor.id),
    )
    return first_of(statement.order_by(Campaign.submitted_at, Campaign.id), MOST)


def campaigns_to_work_on(actor: Actor) -> Few[Campaign]:
    """Drafts (also returned ones), and approved plans waiting to be started: the first first."""
    statement = _campaigns(actor, P.CAMPAIGNS_PLAN, CampaignState.DRAFT, CampaignState.APPROVED)
    return first_of(statement.order_by(Campaign.starts_on, Campaign.id), MOST)


def campaigns_under_way(actor: Actor) -> Few[Campaign]:
    """Campaigns being carried out, the newest first."""
    statement = _campaigns(actor, P.CAMPAIGNS_VIEW, CampaignState.ACTIVE)
    return first_of(statement.order_by(Campaign.starts_on.desc(), Campaign.id.desc()), MOST)


def exports_to_decide(actor: Actor) -> Few[UnmaskedExport]:
    """Questions of others for a file with whole numbers, the longest waiting first."""
    return first_of(exports.exports_to_decide(actor), MOST)


def exports_to_fetch(actor: Actor) -> Few[UnmaskedExport]:
    """Files with whole numbers that were made for the person and wait to be fetched."""
    return first_of(exports.exports_to_fetch(actor), MOST)


def arrivals_to_confirm(actor: Actor) -> Few[StockDocument]:
    """Transfers on their way to a place the person receives for, the oldest first."""
    places = select(StockLocation.id).where(is_visible(actor, P.INVENTORY_ACCEPT))
    statement = (
        select(StockDocument)
        .where(
            StockDocument.state == DocumentState.IN_TRANSIT, StockDocument.target_id.in_(places)
        )
        .options(joinedload(StockDocument.source), joinedload(StockDocument.target))
        .order_by(StockDocument.dated_on, StockDocument.id)
    )
    return first_of(statement, MOST)


def is_late_on_the_way(sent_on: date) -> bool:
    """Say whether a transfer sent on this day should have arrived long since."""
    return clock.today() - sent_on > ON_THE_WAY


def _events(
    actor: Actor,
    permission: Permission,
    *conditions: ColumnElement[bool],
    newest_first: bool = False,
) -> Few[DistributionEvent]:
    order = DistributionEvent.held_on.desc() if newest_first else DistributionEvent.held_on
    statement = (
        _with_campaign()
        .where(is_reached(reach_of(actor, permission)), *conditions)
        .order_by(order, DistributionEvent.starts_at, DistributionEvent.id)
    )
    return first_of(statement, MOST)


def _with_campaign() -> Select[Any]:
    return select(DistributionEvent).options(joinedload(DistributionEvent.campaign))


def _campaigns(actor: Actor, permission: Permission, *states: CampaignState) -> Select[Any]:
    reached = visible_to if permission == P.CAMPAIGNS_VIEW else organized_within
    return (
        select(Campaign)
        .where(reached(actor, permission), Campaign.state.in_(states))
        .options(joinedload(Campaign.organizer))
    )
