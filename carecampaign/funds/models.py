"""Where money and goods come from. The money ledger joins this area with the plans."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Base, Model
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


class Earmark(Model):
    """What money or goods of a source were given for, in the giver's words (定向用途).

    A restricted one may only be spent on the uses that are allowed for it; any other is a
    wish that is kept on record.
    """

    __tablename__ = "earmark"
    __table_args__ = (UniqueConstraint("fund_source_id", "name"),)

    fund_source_id: Mapped[int] = mapped_column(ForeignKey("fund_source.id"))
    name: Mapped[str]
    purpose: Mapped[str]
    is_restricted: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(default=True)

    fund_source: Mapped[FundSource] = relationship()


class EarmarkUse(Base):
    """A use that a restricted earmark is allowed for, and on what ground (REQ-1.1).

    The use is a neutral key of the area above that spends: "campaign:12".
    """

    __tablename__ = "earmark_use"

    earmark_id: Mapped[int] = mapped_column(ForeignKey("earmark.id"), primary_key=True)
    use: Mapped[str] = mapped_column(primary_key=True, index=True)
    ground: Mapped[str]

    earmark: Mapped[Earmark] = relationship()
