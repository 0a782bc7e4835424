"""The union tree, and the bodies beside it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l


class OrganizationKind(Labelled):
    """The levels of DOMAIN.md section 3, and what stands beside the tree."""

    MUNICIPAL = "municipal", _l("Municipal federation")
    DISTRICT = "district", _l("District federation")
    INDUSTRY = "industry", _l("Industry union")
    STREET = "street", _l("Street (township) federation")
    GRASSROOTS = "grassroots", _l("Grassroots union")
    FOUNDATION = "foundation", _l("Foundation")
    PARTNER = "partner", _l("Partner body")


BESIDE_THE_TREE = frozenset({OrganizationKind.FOUNDATION, OrganizationKind.PARTNER})


class Organization(Model):
    """A node of the union tree, or a foundation or partner body beside it.

    ``path`` holds the ids from the root down to this node, each closed by a slash
    (``"1/5/23/"``): what lies at or below a node starts with the node's path.
    """

    __tablename__ = "organization"

    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str]
    kind: Mapped[OrganizationKind]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    path: Mapped[str] = mapped_column(index=True)
    is_active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped["Organization | None"] = relationship(remote_side="Organization.id")
