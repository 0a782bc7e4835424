"""People who sign in, their roles at nodes of the tree, and how they got in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.access.permissions import Role
from carecampaign.core.db import Model
from carecampaign.organizations.models import Organization


class User(Model):
    """Somebody who can sign in by account name, phone or e-mail.

    ``session_key`` is part of every session; changing it ends them all at once.
    """

    __tablename__ = "user"

    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    session_key: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user", order_by="RoleGrant.id", cascade="all, delete-orphan"
    )


class RoleGrant(Model):
    """A role at a node of the tree; without a node it reaches the whole installation."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "organization_id"),
        CheckConstraint(
            "organization_id IS NOT NULL OR role = 'administrator'",
            name="only_administrators_everywhere",
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[Role]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)

    user: Mapped[User] = relationship(back_populates="grants")
    organization: Mapped[Organization | None] = relationship()


class Invitation(Model):
    """A one-time link with which a person sets their own password."""

    __tablename__ = "invitation"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class SignInFailure(Model):
    """Guesses that failed of late, by a keyed digest of what they count for.

    Of a sign-in that is the name tried and the address, of a card code who typed it.
    """

    __tablename__ = "sign_in_failure"

    key: Mapped[str] = mapped_column(index=True)


class EndedSession(Model):
    """A session somebody signed out of: a copy of its cookie opens nothing any more."""

    __tablename__ = "ended_session"

    key: Mapped[str] = mapped_column(unique=True)


class SavedView(Model):
    """A list as somebody named it for themselves: its filters, order and columns.

    ``page`` is the endpoint of the list, ``query`` what stands behind the "?" of its URL.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("user_id", "page", "name"),
        Index(
            "uq_saved_view_default",
            "user_id",
            "page",
            unique=True,
            sqlite_where=column("is_default"),
            postgresql_where=column("is_default"),
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    is_default: Mapped[bool] = mapped_column(default=False)
    """Whether the list begins with it."""
