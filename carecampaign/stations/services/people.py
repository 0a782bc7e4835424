"""Say who belongs to a station, and with whom it is shared."""

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import User
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station, StationMember
from carecampaign.stations.queries import is_station_lead
from carecampaign.stations.services.errors import AlreadyMember, AlreadyPartner, NoStationLead
from carecampaign.stations.services.recording import record


def add_member(station: Station, user: User, *, is_lead: bool, by: Actor) -> StationMember:
    """Let somebody belong to a station, as its lead or as a volunteer.

    Raises AlreadyMember, and NoStationLead where the person does not hold that role.
    """
    if is_lead and not is_station_lead(user):
        raise NoStationLead
    if any(member.user_id == user.id for member in station.members):
        raise AlreadyMember
    member = StationMember(user=user, is_lead=is_lead)
    station.members.append(member)
    changes = {"user": user.username, "is_lead": is_lead}
    record("add_member", station, by=by, changes=changes)
    return member


def remove_member(station: Station, member: StationMember, *, by: Actor) -> None:
    """Let somebody belong to a station no longer; what they logged there stays."""
    changes = {"user": member.user.username}
    station.members.remove(member)
    record("remove_member", station, by=by, changes=changes)


def add_partner(station: Station, partner: Organization, *, by: Actor) -> None:
    """Let another organisation see and use a station. Raises AlreadyPartner."""
    if partner in {station.owner, *station.partners}:
        raise AlreadyPartner
    station.partners.append(partner)
    record("add_partner", station, by=by, changes={"organization": partner.name})


def remove_partner(station: Station, partner: Organization, *, by: Actor) -> None:
    """Share a station with an organisation no longer."""
    station.partners.remove(partner)
    record("remove_partner", station, by=by, changes={"organization": partner.name})
