"""Read accounts: the one behind a request, and those an administrator looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from carecampaign.access.actor import EVERYWHERE, Actor, Grant
from carecampaign.access.permissions import Permission, Role
from carecampaign.access.scope import covers, within
from carecampaign.accounts import identifiers
from carecampaign.accounts.identifiers import Kind
from carecampaign.accounts.models import EndedSession, Invitation, RoleGrant, SavedView, User
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError, NotFound
from carecampaign.core.hot import read_alone
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing
from carecampaign.organizations.models import Organization

# Columns rather than entities, and built once: every request of everybody runs this.
_SIGNED_IN = (
    select(User.id, User.name, User.username, RoleGrant.role, Organization.path)
    .select_from(User)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .outerjoin(Organization, Organization.id == RoleGrant.organization_id)
    .where(
        User.id == bindparam("user_id"),
        User.session_key == bindparam("session_key"),
        User.is_active,
        ~exists().where(EndedSession.key == bindparam("session_id")),
    )
    .order_by(RoleGrant.id)
)


@dataclass(frozen=True)
class Credentials:
    """What signing in needs to know of an account. ``password_hash`` None: no way in yet."""

    id: int
    username: str
    session_key: str
    password_hash: str | None


@dataclass(frozen=True)
class UserFilters:
    """What the list of accounts is narrowed to; None and "" narrow nothing."""

    text: str = ""
    role: Role | None = None
    organization_id: int | None = None
    is_active: bool | None = None


class NoSuchUser(NotFound):
    """There is no such account, or it is not this person's to see."""

    def __init__(self) -> None:
        super().__init__(_l("There is no such account, or it is not yours to see."))


def find_signed_in(
    user_id: int, *, session_key: str, session_id: str
) -> tuple[str, str, tuple[Grant, ...]] | None:
    """Give name, account name and grants of whoever a session belongs to, in one query.

    None when the account is inactive, or the session was ended: by signing out, or by a
    change of the password, which changes the session key.
    """
    parameters = {"user_id": user_id, "session_key": session_key, "session_id": session_id}
    rows = read_alone(_SIGNED_IN, parameters)
    if not rows:
        return None
    grants = tuple(
        Grant(row.role, EVERYWHERE if row.path is None else row.path)
        for row in rows
        if row.role is not None
    )
    return rows[0].name, rows[0].username, grants


def find_credentials(sign_in_name: str) -> Credentials | None:
    """Give the account somebody means who signs in by account name, phone or e-mail.

    An inactive account has no password to be right.
    """
    try:
        kind, name = identifiers.read_sign_in_name(sign_in_name)
    except DomainError:
        return None
    row = db.session.execute(
        select(User.id, User.username, User.session_key, User.password_hash, User.is_active).where(
            _column(kind) == name
        )
    ).one_or_none()
    return None if row is None else _credentials_in(row)


def get_user(user_id: int) -> User:
    """Give an account, whoever looks after it."""
    return db.session.get_one(User, user_id)


def get_credentials(user_id: int) -> Credentials:
    """Give the credentials of an account that exists."""
    return _credentials_in(get_user(user_id))


def _column(kind: Kind) -> InstrumentedAttribute[Any]:
    return {"username": User.username, "phone": User.phone, "email": User.email}[kind]


def _credentials_in(row: Any) -> Credentials:  # noqa: ANN401 - an entity or a row of its columns
    return Credentials(
        row.id, row.username, row.session_key, row.password_hash if row.is_active else None
    )


def get_user_for(actor: Actor, user_id: int) -> User:
    """Give an account that ``actor`` looks after, at least in part; else raises NotFound."""
    user = db.session.scalars(_visible_to(actor).where(User.id == user_id)).unique().one_or_none()
    if user is None:
        raise NoSuchUser
    return user


def roles_of(user: User) -> str:
    """Write the roles of an account as one line: Planner · City; Auditor · Whole installation."""
    return _("; ").join(
        f"{grant.role.label} · "
        f"{grant.organization.short_name if grant.organization else _('Whole installation')}"
        for grant in user.grants
    )


def status_of(user: User) -> str:
    """Say whether somebody can sign in: yes, not before they set a password, or no more."""
    if not user.is_active:
        return _("Inactive")
    return _("Active") if user.password_hash else _("No password yet")


USERS: Listing[User] = Listing(
    _l("User accounts"),
    (
        Column("name", _l("Full name"), lambda user: user.name, User.name),
        Column("username", _l("Account name"), lambda user: user.username, User.username),
        Column("roles", _l("Roles"), roles_of),
        Column("status", _l("Status"), status_of, User.is_active),
    ),
    order=(User.name, User.id),
)


def users_for(actor: Actor, filters: UserFilters) -> Select[User]:
    """Select the accounts ``actor`` looks after, narrowed by ``filters``, by name."""
    statement = _visible_to(actor)
    if filters.text:
        statement = statement.where(_named(filters.text))
    if filters.is_active is not None:
        statement = statement.where(User.is_active == filters.is_active)
    if filters.role is not None or filters.organization_id is not None:
        statement = statement.where(_has_grant(filters.role, filters.organization_id))
    return statement.order_by(User.name, User.id)


def _visible_to(actor: Actor) -> Select[User]:
    """Accounts with a role within reach, or with none: those wait for their first."""
    statement = select(User).options(selectinload(User.grants).joinedload(RoleGrant.organization))
    reach = actor.paths(Permission.ACCOUNTS_MANAGE)
    if EVERYWHERE in reach:
        return statement
    if not reach:
        return statement.where(User.id.is_(None))
    grants = select(RoleGrant.id).where(RoleGrant.user_id == User.id)
    theirs = grants.join(RoleGrant.organization).where(within(Organization.path, reach))
    return statement.where(or_(theirs.exists(), ~grants.exists()))


def _named(text: str) -> ColumnElement[bool]:
    """Part of a name, or a whole phone number or e-mail address."""
    conditions = [
        User.name.icontains(text, autoescape=True),
        User.username.icontains(text, autoescape=True),
    ]
    try:
        kind, name = identifiers.read_sign_in_name(text)
    except DomainError:
        return or_(*conditions)
    return or_(*conditions, _column(kind) == name)


def _has_grant(role: Role | None, organization_id: int | None) -> ColumnElement[bool]:
    """Say that an account has a role, at or below an organisation."""
    grants = select(RoleGrant.id).where(RoleGrant.user_id == User.id)
    if role is not None:
        grants = grants.where(RoleGrant.role == role)
    if organization_id is not None:
        path = db.session.scalar(
            select(Organization.path).where(Organization.id == organization_id)
        )
        grants = grants.join(RoleGrant.organization).where(
            within(Organization.path, [] if path is None else [path])
        )
    return grants.exists()


def grant_path(grant: RoleGrant) -> str:
    """Give the path a grant reaches over."""
    return EVERYWHERE if grant.organization is None else grant.organization.path


def acting(user: User) -> Actor:
    """Give a person as the one who acts, with what they hold now: who is gone holds nothing."""
    grants = user.grants if user.is_active else ()
    held = tuple(Grant(grant.role, grant_path(grant)) for grant in grants)
    return Actor(id=user.id, name=user.name, grants=held)


def may_grant(actor: Actor, grant: RoleGrant) -> bool:
    """Say whether a grant lies within what ``actor`` administers."""
    return covers(actor.paths(Permission.ACCOUNTS_MANAGE), grant_path(grant))


def controls(actor: Actor, user: User) -> bool:
    """Say whether all that ``user`` holds lies within what ``actor`` administers.

    Whoever can change how somebody gets in could get in themselves: that takes all of it.
    """
    return all(may_grant(actor, grant) for grant in user.grants)


def find_invitation(token_digest: str) -> Invitation | None:
    """Give the invitation behind a link, if the link still opens anything."""
    return db.session.scalar(
        select(Invitation)
        .join(Invitation.user)
        .options(joinedload(Invitation.user))
        .where(
            Invitation.token_digest == token_digest,
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
            User.is_active,
        )
    )


def find_open_invitation(user: User) -> Invitation | None:
    """Give the invitation a person has not used yet, if it is still good."""
    return db.session.scalar(
        select(Invitation).where(
            Invitation.user_id == user.id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
        )
    )


def list_usernames(usernames: Sequence[str]) -> dict[str, User]:
    """Give the active accounts of these names, with their roles."""
    rows = db.session.scalars(
        select(User)
        .options(selectinload(User.grants))
        .where(User.username.in_(usernames), User.is_active)
    )
    return {user.username: user for user in rows}


def list_saved_views(actor: Actor, page: str) -> list[SavedView]:
    """List somebody's own views of a list (by its endpoint), by name."""
    return list(
        db.session.scalars(
            select(SavedView)
            .where(SavedView.user_id == actor.id, SavedView.page == page)
            .order_by(SavedView.name, SavedView.id)
        )
    )


def find_saved_view(actor: Actor, page: str, name: str) -> SavedView | None:
    """Find one's own view of a list by its name."""
    return db.session.scalar(
        select(SavedView).where(
            SavedView.user_id == actor.id, SavedView.page == page, SavedView.name == name
        )
    )


def get_saved_view(actor: Actor, view_id: int) -> SavedView:
    """Give one's own view. Raises NotFound for anybody else's."""
    view = db.session.scalar(
        select(SavedView).where(SavedView.id == view_id, SavedView.user_id == actor.id)
    )
    if view is None:
        raise NotFound(_l("There is no such view."))
    return view
