"""Short ways to say what a test of the inventory's pages is about."""

from sqlalchemy import func, select

from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.core.forms import new_command_id
from carecampaign.inventory.models import StockDocument
from carecampaign.stations.models import StationMember
from tests.factories import UserFactory


def keeper(union):
    """Somebody who keeps the stock of a union."""
    return UserFactory(role=Role.STOREKEEPER, organization=union)


def lead_of(station, **values):
    """The lead of a warm station."""
    user = UserFactory(role=Role.STATION_LEAD, organization=station.owner, **values)
    station.members.append(StationMember(user=user, is_lead=True))
    return user


def filled(**values):
    """Fill in a form, with a command id of its own."""
    return {"command_id": new_command_id(), **values}


def documents() -> int:
    """How many stock documents there are."""
    return db.session.scalar(select(func.count(StockDocument.id)))


HOSTILE_NUMBERS = [
    "-1",
    "0",
    "10000001",
    str(10**30),
    "9" * 5000,
    "3.5",
    "三",
    "🎁",
    "\0",
    "²",
    "١٢x",
]
