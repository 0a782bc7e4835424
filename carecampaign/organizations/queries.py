"""Read the union tree: whole, or the part of it that somebody reaches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, func, or_, select

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Figure, Listing
from carecampaign.organizations.models import BESIDE_THE_TREE, Organization, OrganizationKind

INDENT = "\N{IDEOGRAPHIC SPACE}"
"""What a select shows before a name for each level; browsers drop ordinary spaces."""

_KIND_ORDER = {kind: number for number, kind in enumerate(OrganizationKind)}


class InTree(Protocol):
    """A row of the tree, be it an entity or a few columns of it."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> OrganizationKind: ...
    @property
    def path(self) -> str: ...


Row = TypeVar("Row", bound=InTree)


@dataclass(frozen=True)
class Node:
    """An organisation as the tree shows it; ``depth`` counts from the top of what is shown."""

    id: int
    parent_id: int | None
    name: str
    short_name: str
    kind: OrganizationKind
    path: str
    is_active: bool
    depth: int
    children: int
    """How many organisations stand right below it."""
    below: int
    """How many organisations stand below it on all levels."""


TREE: Listing[Node] = Listing(
    _l("Organizations"),
    (
        Column("name", _l("Organization name"), lambda node: node.name),
        Column("short_name", _l("Short name"), lambda node: node.short_name, optional=True),
        Column("kind", _l("Kind"), lambda node: node.kind),
        Column("level", _l("Level in the tree"), lambda node: node.depth + 1, optional=True),
        Figure("children", _l("Right below"), lambda node: node.children),
        Figure("below", _l("Below in all"), lambda node: node.below),
        Column(
            "status",
            _l("Status"),
            lambda node: _("Active") if node.is_active else _("Inactive"),
            optional=True,
        ),
    ),
    order=(),
)
"""In the order of the tree, which no column can be sorted by."""


def get_organization_for(
    actor: Actor, organization_id: int, permission: Permission = Permission.ORGANIZATIONS_VIEW
) -> Organization:
    """Give an organisation for which ``actor`` holds ``permission``; else raises NotFound."""
    organization = db.session.scalar(
        select(Organization).where(
            Organization.id == organization_id,
            within(Organization.path, actor.paths(permission)),
        )
    )
    if organization is None:
        raise NotFound(_l("There is no such organization, or it is not yours to see."))
    return organization


def organizations_matching(actor: Actor, text: str) -> Select[Organization]:
    """Select the organisations ``actor`` sees whose name or short name contains ``text``."""
    return (
        select(Organization)
        .where(
            within(Organization.path, actor.paths(Permission.ORGANIZATIONS_VIEW)),
            or_(
                Organization.name.icontains(text, autoescape=True),
                Organization.short_name.icontains(text, autoescape=True),
            ),
        )
        .order_by(Organization.name, Organization.id)
    )


def find_organization(text: str) -> Organization | None:
    """Give the organisation of exactly this name, or of this id where the text is a number."""
    if text.isascii() and text.isdigit():
        return db.session.get(Organization, int(text)) if len(text) < len("9" * 19) else None
    return db.session.scalar(select(Organization).where(Organization.name == text))


def find_top_organization() -> Organization | None:
    """Give the head of the union tree, the first where there are several."""
    return db.session.scalars(
        select(Organization)
        .where(Organization.parent_id.is_(None), Organization.kind.not_in(BESIDE_THE_TREE))
        .order_by(Organization.id)
    ).first()


def list_organizations_for(
    actor: Actor,
    permission: Permission = Permission.ORGANIZATIONS_VIEW,
    *,
    kinds: Iterable[OrganizationKind] | None = None,
) -> list[Organization]:
    """List the active organisations for which ``actor`` holds ``permission``, in tree order."""
    statement = select(Organization).where(
        within(Organization.path, actor.paths(permission)), Organization.is_active
    )
    return in_tree_order(db.session.scalars(_of_kinds(statement, kinds)).all())


def list_organizations(
    kinds: Iterable[OrganizationKind] | None = None,
) -> list[Organization]:
    """List all active organisations in tree order: units of a campaign may be anybody's."""
    statement = select(Organization).where(Organization.is_active)
    return in_tree_order(db.session.scalars(_of_kinds(statement, kinds)).all())


def _of_kinds(
    statement: Select[Organization], kinds: Iterable[OrganizationKind] | None
) -> Select[Organization]:
    return statement if kinds is None else statement.where(Organization.kind.in_(kinds))


def choices(organizations: Sequence[Row]) -> list[tuple[int, str]]:
    """Give organisations in tree order as the choices of a select, indented by level."""
    top = min((_level(one.path) for one in organizations), default=0)
    return [(one.id, INDENT * (_level(one.path) - top) + one.name) for one in organizations]


def choices_for(
    actor: Actor, permission: Permission = Permission.ORGANIZATIONS_VIEW
) -> list[tuple[int, str]]:
    """Give the active organisations within reach as the choices of a select."""
    return choices([row for row in _rows_for(actor, permission) if row.is_active])


def names_for(actor: Actor, permission: Permission) -> dict[str, int]:
    """Give the names of the active organisations within reach, in tree order, with their ids."""
    return {row.name: row.id for row in _rows_for(actor, permission) if row.is_active}


def descendants(organization: Organization) -> list[Organization]:
    """List what stands below an organisation on all levels, in tree order."""
    rows = db.session.scalars(
        select(Organization).where(
            within(Organization.path, [organization.path]), Organization.id != organization.id
        )
    )
    return in_tree_order(rows.all())


def ancestors_for(actor: Actor, organization: Organization) -> list[Organization]:
    """List the organisations above one, from the top down, as far as ``actor`` may see them."""
    ids = [int(part) for part in organization.path.split("/")[:-2]]
    rows = db.session.scalars(
        select(Organization).where(
            Organization.id.in_(ids),
            within(Organization.path, actor.paths(Permission.ORGANIZATIONS_VIEW)),
        )
    )
    return sorted(rows, key=lambda one: len(one.path))


def children_of(organization: Organization) -> Select[Organization]:
    """Select what stands right below an organisation, by name."""
    return (
        select(Organization)
        .where(Organization.parent_id == organization.id)
        .order_by(Organization.name, Organization.id)
    )


def count_below(organization: Organization) -> int:
    """Count the active organisations below one, on all levels."""
    statement = select(func.count()).where(
        within(Organization.path, [organization.path]),
        Organization.id != organization.id,
        Organization.is_active,
    )
    return db.session.scalar(statement) or 0


def list_nodes_for(actor: Actor, *, with_inactive: bool) -> list[Node]:
    """List the organisations ``actor`` sees as nodes in tree order."""
    rows = [
        row
        for row in _rows_for(actor, Permission.ORGANIZATIONS_VIEW)
        if row.is_active or with_inactive
    ]
    depths: dict[int, int] = {}
    children: dict[int | None, int] = {}
    below: dict[int, int] = {}
    for row in rows:
        depths[row.id] = depths.get(row.parent_id, -1) + 1
        children[row.parent_id] = children.get(row.parent_id, 0) + 1
        for part in row.path.split("/")[:-2]:
            below[int(part)] = below.get(int(part), 0) + 1
    return [
        Node(
            **row._asdict(),
            depth=depths[row.id],
            children=children.get(row.id, 0),
            below=below.get(row.id, 0),
        )
        for row in rows
    ]


def open_nodes(nodes: Sequence[Node], opened: int | None) -> list[Node]:
    """Keep what a tree shows with the branch down to ``opened`` open: the tops, and what
    stands right below them and below each organisation on the way.
    """
    by_id = {node.id: node for node in nodes}
    way = {int(part) for part in by_id[opened].path.split("/")[:-1]} if opened in by_id else set()
    return [node for node in nodes if node.depth <= 1 or (node.parent_id in way)]


def matching_nodes(
    nodes: Sequence[Node], *, text: str = "", kind: OrganizationKind | None = None
) -> list[Node]:
    """Keep the nodes that match, and those on the way to them."""
    needle = text.casefold()
    matching = [
        node
        for node in nodes
        if needle in f"{node.name}\n{node.short_name}".casefold() and kind in {None, node.kind}
    ]
    way = {int(part) for node in matching for part in node.path.split("/")[:-1]}
    return [node for node in nodes if node.id in way]


def in_tree_order(rows: Iterable[Row]) -> list[Row]:
    """Sort rows so that each stands below its parent, siblings by kind and name."""
    keys: dict[int | None, tuple[tuple[int, str, int], ...]] = {}
    for row in sorted(rows, key=lambda row: _level(row.path)):
        keys[row.id] = (*keys.get(row.parent_id, ()), (_KIND_ORDER[row.kind], row.name, row.id))
    return sorted(rows, key=lambda row: keys[row.id])


def _level(path: str) -> int:
    return path.count("/")


def _rows_for(actor: Actor, permission: Permission) -> Sequence[Any]:
    """Read a few columns only: a tree of thousands is shown and chosen from."""
    rows = db.session.execute(
        select(
            Organization.id,
            Organization.parent_id,
            Organization.name,
            Organization.short_name,
            Organization.kind,
            Organization.path,
            Organization.is_active,
        ).where(within(Organization.path, actor.paths(permission)))
    )
    return in_tree_order(rows.all())
