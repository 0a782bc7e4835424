"""Who sees which stock locations."""

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.campaigns.models import Campaign, CampaignUnit
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import LocationKind, StockLocation
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import StationMember, StationPartner

PLACES = (
    LocationKind.WAREHOUSE,
    LocationKind.STATION,
    LocationKind.UNIT,
    LocationKind.EVENT,
)
"""The kinds of location that are places; transit is between them, virtual ones are nowhere."""


def is_visible(
    actor: Actor, permission: Permission = Permission.INVENTORY_VIEW
) -> ColumnElement[bool]:
    """Give the condition that a ``StockLocation`` is one for which ``permission`` is held.

    It is that of an organisation at or below the actor's, or of a station they belong to.
    To look at (not to act on) there are also the stations that name the actor's organisation
    as a partner, and the units that take part in a campaign it organises.
    """
    paths = actor.paths(permission)
    reached = select(Organization.id).where(within(Organization.path, paths))
    reasons: list[ColumnElement[bool]] = [StockLocation.organization_id.in_(reached)]
    if actor.holds_at_stations(permission):
        own = select(StationMember.station_id).where(StationMember.user_id == actor.id)
        reasons.append(StockLocation.station_id.in_(own))
    if permission == Permission.INVENTORY_VIEW and paths:
        partnered = select(StationPartner.station_id).where(
            StationPartner.organization_id.in_(reached)
        )
        invited = (
            select(CampaignUnit.organization_id)
            .join(Campaign, Campaign.id == CampaignUnit.campaign_id)
            .where(Campaign.organizer_id.in_(reached))
        )
        reasons += [
            StockLocation.station_id.in_(partnered),
            and_(
                StockLocation.kind == LocationKind.UNIT, StockLocation.organization_id.in_(invited)
            ),
        ]
    return or_(*reasons)


def get_location_for(
    actor: Actor, location_id: int, *, permission: Permission = Permission.INVENTORY_VIEW
) -> StockLocation:
    """Get a location for which ``permission`` is held. Raises NotFound for any other."""
    row = db.session.scalar(
        select(StockLocation).where(StockLocation.id == location_id, is_visible(actor, permission))
    )
    if row is None:
        raise NotFound(_l("There is no such stock location."))
    return row


def reaches(actor: Actor, location: StockLocation, permission: Permission) -> bool:
    """Say whether the actor holds ``permission`` for a location."""
    return (
        db.session.scalar(
            select(StockLocation.id).where(
                StockLocation.id == location.id, is_visible(actor, permission)
            )
        )
        is not None
    )


def ids_seen_by(actor: Actor) -> Select[int]:
    return select(StockLocation.id).where(is_visible(actor))


def has_end_seen_by(
    actor: Actor, source: InstrumentedAttribute[int], target: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Give the condition that something comes from, or goes to, a location the actor sees.

    Whoever looks over a part of the tree sees most rows: adding nothing keeps the database
    from gathering them all along an index, where a list reads the newest few in their order.
    """
    seen = ids_seen_by(actor)
    if actor.paths(Permission.INVENTORY_VIEW):
        return or_((source + 0).in_(seen), (target + 0).in_(seen))
    return or_(source.in_(seen), target.in_(seen))
