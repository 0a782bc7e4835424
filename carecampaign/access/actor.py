"""Whoever acts: a person signed in, or the system itself. A value, so nothing of it goes stale."""

from dataclasses import dataclass, field
from functools import cached_property

from carecampaign.access.permissions import ROLE_PERMISSIONS, STATION_ROLES, Permission, Role

EVERYWHERE = ""
"""The path prefix that every organisation's path starts with."""


@dataclass(frozen=True)
class Grant:
    """A role at a node of the tree, by the node's path; EVERYWHERE is the whole installation."""

    role: Role
    path: str


@dataclass(frozen=True, eq=False)
class Actor:
    """Who acts, and what they hold where. ``id`` is None only for the system itself."""

    id: int | None
    name: str
    grants: tuple[Grant, ...] = field(default=())

    def can(self, permission: Permission) -> bool:
        """Say whether the permission is held anywhere; queries decide for which rows."""
        return permission in self._held

    def paths(self, permission: Permission) -> tuple[str, ...]:
        """Give the path prefixes of the organisations for which the permission is held.

        Only roles that reach over a part of the tree count; station leads and
        volunteers reach rows through the stations and events they belong to.
        """
        return tuple(
            sorted(
                {
                    grant.path
                    for grant in self.grants
                    if grant.role not in STATION_ROLES
                    and permission in ROLE_PERMISSIONS[grant.role]
                }
            )
        )

    def holds_at_stations(self, permission: Permission) -> bool:
        """Say whether the permission is held for one's own stations and events."""
        return any(
            grant.role in STATION_ROLES and permission in ROLE_PERMISSIONS[grant.role]
            for grant in self.grants
        )

    @cached_property
    def _held(self) -> frozenset[Permission]:
        return frozenset().union(*(ROLE_PERMISSIONS[grant.role] for grant in self.grants))


SYSTEM = Actor(id=None, name="system", grants=(Grant(Role.ADMINISTRATOR, EVERYWHERE),))
"""Who acts when nobody is signed in: commands, tasks, the demo."""
