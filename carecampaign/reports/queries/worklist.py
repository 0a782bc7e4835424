"""What waits for a person: read across the areas, a few rows of each, within what they may do."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import visible_to
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventState, HandoutException
from carecampaign.distributions.queries import is_reached, reach_of
from carecampaign.inventory.models import DocumentState, StockDocument, StockLocation
from carecampaign.inventory.queries import is_visible

P = Permission
MOST = 6
"""Rows of one list on the start page; the rest is behind its link."""

WEEK = timedelta(days=7)


def events_to_log(actor: Actor) -> Sequence[DistributionEvent]:
    """Open events the person logs at, the latest day first."""
    return _events(
        actor, P.DISTRIBUTIONS_LOG, DistributionEvent.state == EventState.OPEN, newest_first=True
    )


def events_to_open(actor: Actor) -> Sequence[DistributionEvent]:
    """Events planned for today or before that were not opened yet."""
    return _events(
        actor,
        P.DISTRIBUTIONS_LEAD,
        DistributionEvent.state == EventState.PLANNED,
        DistributionEvent.held_on <= clock.today(),
    )


def events_left_open(actor: Actor) -> Sequence[DistributionEvent]:
    """Open events of an earlier day: to be closed and reconciled."""
    return _events(
        actor,
        P.DISTRIBUTIONS_LEAD,
        DistributionEvent.state == EventState.OPEN,
        DistributionEvent.held_on < clock.today(),
    )


def events_to_come(actor: Actor) -> Sequence[DistributionEvent]:
    """Events planned for the next seven days."""
    return _events(
        actor,
        P.DISTRIBUTIONS_VIEW,
        DistributionEvent.state == EventState.PLANNED,
        DistributionEvent.held_on > clock.today(),
        DistributionEvent.held_on <= clock.today() + WEEK,
    )


def exceptions_to_settle(actor: Actor) -> Sequence[Row[tuple[DistributionEvent, int]]]:
    """Events with handouts that broke a rule, and how many of them wait."""
    waiting = (
        select(HandoutException.event_id, func.count().label("waiting"))
        .where(HandoutException.settled_at.is_(None))
        .group_by(HandoutException.event_id)
        .subquery()
    )
    return db.session.execute(
        select(DistributionEvent, waiting.c.waiting)
        .join(waiting, waiting.c.event_id == DistributionEvent.id)
        .where(is_reached(reach_of(actor, P.DISTRIBUTIONS_SETTLE)))
        .order_by(DistributionEvent.held_on, DistributionEvent.id)
        .limit(MOST)
    ).all()


def campaigns_to_approve(actor: Actor) -> Sequence[Campaign]:
    """Submitted plans of the organisers the person approves for."""
    return _campaigns(actor, P.CAMPAIGNS_APPROVE, CampaignState.SUBMITTED)


def campaigns_to_work_on(actor: Actor) -> Sequence[Campaign]:
    """Drafts (also returned ones), and approved plans waiting to be started."""
    return _campaigns(actor, P.CAMPAIGNS_PLAN, CampaignState.DRAFT, CampaignState.APPROVED)


def campaigns_under_way(actor: Actor) -> Sequence[Campaign]:
    """Campaigns being carried out."""
    return _campaigns(actor, P.CAMPAIGNS_VIEW, CampaignState.ACTIVE)


def arrivals_to_confirm(actor: Actor) -> Sequence[StockDocument]:
    """Transfers on their way to a place the person receives for, the oldest first."""
    places = select(StockLocation.id).where(is_visible(actor, P.INVENTORY_ACCEPT))
    return db.session.scalars(
        select(StockDocument)
        .where(
            StockDocument.state == DocumentState.IN_TRANSIT, StockDocument.target_id.in_(places)
        )
        .options(joinedload(StockDocument.source), joinedload(StockDocument.target))
        .order_by(StockDocument.dated_on, StockDocument.id)
        .limit(MOST)
    ).all()


def _events(
    actor: Actor,
    permission: Permission,
    *conditions: ColumnElement[bool],
    newest_first: bool = False,
) -> Sequence[DistributionEvent]:
    order = DistributionEvent.held_on.desc() if newest_first else DistributionEvent.held_on
    statement = (
        select(DistributionEvent)
        .where(is_reached(reach_of(actor, permission)), *conditions)
        .options(joinedload(DistributionEvent.campaign), joinedload(DistributionEvent.station))
        .order_by(order, DistributionEvent.id)
        .limit(MOST)
    )
    return db.session.scalars(statement).all()


def _campaigns(actor: Actor, permission: Permission, *states: CampaignState) -> Sequence[Campaign]:
    return db.session.scalars(
        select(Campaign)
        .where(visible_to(actor, permission), Campaign.state.in_(states))
        .options(joinedload(Campaign.organizer))
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
        .limit(MOST)
    ).all()
