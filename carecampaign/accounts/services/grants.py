"""Give roles at nodes of the tree, and take them back."""

from carecampaign.access.actor import EVERYWHERE, Actor
from carecampaign.access.permissions import Permission, Role
from carecampaign.access.scope import covers
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.accounts.queries import grant_path
from carecampaign.accounts.services.administrators import keep_administered
from carecampaign.audit.services import record
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


class BeyondReach(Conflict):
    """Nobody gives, takes or changes what reaches beyond what they administer themselves."""

    field = "organization"

    def __init__(self) -> None:
        super().__init__(_l("This reaches beyond the organizations you administer."))


class NeedsOrganization(DomainError):
    """Only administrators reach the whole installation."""

    field = "organization"

    def __init__(self) -> None:
        super().__init__(_l("Name the organization at which this role is held."))


class AlreadyGranted(DomainError):
    """The person has this role at this organisation."""

    field = "role"

    def __init__(self) -> None:
        super().__init__(_l("This person already has this role there."))


def grant_role(user: User, role: Role, organization: Organization | None, *, by: Actor) -> None:
    """Give ``user`` a role at an organisation; None means the whole installation.

    Raises NeedsOrganization, BeyondReach and AlreadyGranted.
    """
    if organization is None and role != Role.ADMINISTRATOR:
        raise NeedsOrganization
    _check_reach(EVERYWHERE if organization is None else organization.path, by)
    # Two grants at once wait here: without an organisation no constraint tells them apart.
    db.session.refresh(user, with_for_update={"key_share": True})
    held = {(grant.role, grant.organization_id) for grant in user.grants}
    if (role, None if organization is None else organization.id) in held:
        raise AlreadyGranted
    grant = RoleGrant(role=role, organization=organization)
    user.grants.append(grant)
    db.session.flush()
    _record("accounts.grant_role", user, grant, by=by)


def revoke_role(grant: RoleGrant, *, by: Actor) -> None:
    """Take a role back. Raises BeyondReach and LastAdministrator."""
    _check_reach(grant_path(grant), by)
    keep_administered([grant])
    user = grant.user
    _record("accounts.revoke_role", user, grant, by=by)
    user.grants.remove(grant)
    db.session.flush()


def _check_reach(path: str, by: Actor) -> None:
    if not covers(by.paths(Permission.ACCOUNTS_MANAGE), path):
        raise BeyondReach


def _record(action: str, user: User, grant: RoleGrant, *, by: Actor) -> None:
    place = None if grant.organization is None else grant.organization.name
    record(
        action,
        user,
        by=by,
        name=user.username,
        path=grant_path(grant),
        changes={"role": grant.role, "organization": place},
    )
