"""Where money and goods come from. The money ledger joins this area with the plans."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.organizations.models import Organization


class FundKind(Labelled):
    """The six sources of 送温暖资金 and public fundraising (DOMAIN.md REQ-1.1)."""

    GOVERNMENT = "government", _l("Government appropriation")
    UPPER_UNION = "upper_union", _l("Grant from the union above")
    OWN_BUDGET = "own_budget", _l("Own union budget")
    DONATION = "donation", _l("Social donation")
    ADMINISTRATION = "administration", _l("Contribution of the administration")
    OTHER = "other", _l("Other lawful source")
    FUNDRAISING = "fundraising", _l("Public fundraising project")


class FundSource(Model):
    """One source of funds of one organisation; every budget line and receipt carries one."""

    __tablename__ = "fund_source"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str]
    kind: Mapped[FundKind]
    is_active: Mapped[bool] = mapped_column(default=True)

    organization: Mapped[Organization] = relationship()
