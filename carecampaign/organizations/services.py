"""Change the union tree. Paths follow the parents, in the same transaction."""

from sqlalchemy import func, literal, select, update
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import EVERYWHERE, Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.audit.services import record
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization, OrganizationKind


class NameTaken(DomainError):
    """Two organisations of one name could not be told apart on paper."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("There is already an organization of this name."))


class OutOfReach(DomainError):
    """The place in the tree is not the actor's to change."""

    field = "parent"

    def __init__(self) -> None:
        super().__init__(_l("This place in the tree is beyond your own organizations."))


class BelowItself(DomainError):
    """A node cannot hang below itself or below what hangs below it."""

    field = "parent"

    def __init__(self) -> None:
        super().__init__(_l("An organization cannot stand below itself."))


class ParentInactive(DomainError):
    """Nothing active hangs below what is inactive."""

    field = "parent"

    def __init__(self) -> None:
        super().__init__(_l("The organization above is inactive. Activate it first."))


class HasActiveBelow(Conflict):
    """What is inactive has nothing active below it."""

    def __init__(self) -> None:
        super().__init__(
            _l("There are active organizations below this one. Move or deactivate them first.")
        )


def create_organization(
    name: str,
    *,
    short_name: str = "",
    kind: OrganizationKind,
    parent: Organization | None,
    by: Actor,
) -> Organization:
    """Add an organisation below ``parent``; without one it stands at the top.

    Raises NameTaken, ParentInactive, and OutOfReach when the place is not the actor's.
    """
    _queue_for_the_tree()
    _check_place(parent, by)
    organization = Organization(
        name=name, short_name=short_name or name, kind=kind, parent=parent, path=""
    )
    db.session.add(organization)
    _flush()
    organization.path = f"{_path_of(parent)}{organization.id}/"
    record(
        "organizations.create",
        organization,
        by=by,
        name=name,
        path=organization.path,
        changes={"kind": kind, "short_name": organization.short_name, "parent": _name_of(parent)},
    )
    return organization


def edit_organization(
    organization: Organization,
    *,
    name: str,
    short_name: str,
    kind: OrganizationKind,
    by: Actor,
) -> None:
    """Change the facts of an organisation. Raises NameTaken."""
    after: dict[str, object] = {"name": name, "short_name": short_name or name, "kind": kind}
    changes: dict[str, object] = {
        key: [getattr(organization, key), value]
        for key, value in after.items()
        if getattr(organization, key) != value
    }
    if not changes:
        return
    for key, value in after.items():
        setattr(organization, key, value)
    _flush()
    _record("organizations.edit", organization, by=by, changes=changes)


def move_organization(
    organization: Organization, parent: Organization | None, *, by: Actor
) -> None:
    """Hang an organisation, with all below it, below another parent.

    Both the place it leaves and the one it goes to must be the actor's. Raises OutOfReach,
    BelowItself and ParentInactive.
    """
    _queue_for_the_tree()
    db.session.refresh(organization)
    left = organization.parent
    _check_place(left, by, may_be_inactive=True)
    _check_place(parent, by, may_be_inactive=not organization.is_active)
    before, after = organization.path, f"{_path_of(parent)}{organization.id}/"
    if _path_of(parent).startswith(before):
        raise BelowItself
    if parent == left:
        return
    organization.parent = parent
    _rewrite_paths(before, after)
    db.session.refresh(organization)
    changes: dict[str, object] = {
        "parent": [_name_of(left), _name_of(parent)],
        "path": [before, after],
    }
    _record("organizations.move", organization, by=by, changes=changes)


def _rewrite_paths(before: str, after: str) -> None:
    """Rewrite the paths of a node and of all below it, in one statement."""
    db.session.flush()
    db.session.execute(
        update(Organization)
        .where(within(Organization.path, [before]))
        .values(path=literal(after) + func.substr(Organization.path, len(before) + 1)),
        execution_options={"synchronize_session": False},
    )
    # Rows read before still carry their former paths.
    db.session.expire_all()


def deactivate_organization(organization: Organization, *, by: Actor) -> None:
    """Take an organisation out of use; what happened with it stays. Raises HasActiveBelow."""
    _queue_for_the_tree()
    below = select(Organization.id).where(
        within(Organization.path, [organization.path]),
        Organization.id != organization.id,
        Organization.is_active,
    )
    if db.session.scalar(below.limit(1)) is not None:
        raise HasActiveBelow
    _set_active(organization, is_active=False, by=by)


def activate_organization(organization: Organization, *, by: Actor) -> None:
    """Take an organisation into use again. Raises ParentInactive."""
    _queue_for_the_tree()
    if organization.parent is not None and not organization.parent.is_active:
        raise ParentInactive
    _set_active(organization, is_active=True, by=by)


def _set_active(organization: Organization, *, is_active: bool, by: Actor) -> None:
    if organization.is_active == is_active:
        return
    organization.is_active = is_active
    verb = "activate" if is_active else "deactivate"
    _record(f"organizations.{verb}", organization, by=by)


def _queue_for_the_tree() -> None:
    """Let changes of the tree's shape wait for one another, by locking its tops.

    Two moves at once could otherwise make a cycle, or leave a path behind that was read
    before. SQLite has one writer anyway.
    """
    db.session.execute(
        select(Organization.id)
        .where(Organization.parent_id.is_(None))
        .order_by(Organization.id)
        .with_for_update(key_share=True)
    )


def _check_place(parent: Organization | None, by: Actor, *, may_be_inactive: bool = False) -> None:
    if parent is not None:
        db.session.refresh(parent)
    if not covers(by.paths(Permission.ORGANIZATIONS_MANAGE), _path_of(parent)):
        raise OutOfReach
    if parent is not None and not parent.is_active and not may_be_inactive:
        raise ParentInactive


def _flush() -> None:
    """Write what is pending; the name is the only thing of an organisation that is unique."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise NameTaken from error


def _path_of(parent: Organization | None) -> str:
    return EVERYWHERE if parent is None else parent.path


def _name_of(parent: Organization | None) -> str | None:
    return None if parent is None else parent.name


def _record(
    action: str,
    organization: Organization,
    *,
    by: Actor,
    changes: dict[str, object] | None = None,
) -> None:
    record(
        action,
        organization,
        by=by,
        name=organization.name,
        path=organization.path,
        changes=changes,
    )
