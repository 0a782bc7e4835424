"""Entitlement rules: who may receive what, how often, up to what amount. Dated data, not code."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.campaigns.models.plan import Campaign, CampaignGroup
from carecampaign.catalogue.models import Item
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.funds.models import FundSource
from carecampaign.organizations.models import Organization


class RuleKind(Labelled):
    """What a rule is about. The first two are limits, the others say who is eligible."""

    TIMES = "times", _l("How often")
    AMOUNT = "amount", _l("Up to what amount")
    GROUPS = "groups", _l("Which target groups")
    UNITS = "units", _l("Whose people")
    ROSTER = "roster", _l("Who is on the roster")


class Basis(Labelled):
    """For whom a limit adds up."""

    PERSON = "person", _l("Person")
    HOUSEHOLD = "household", _l("Household")


class Span(Labelled):
    """Over what a limit adds up. A year is a calendar year of the organisation's zone."""

    EVENT = "event", _l("Distribution event")
    CAMPAIGN = "campaign", _l("Campaign")
    YEAR = "year", _l("Calendar year")


class EntitlementRule(Model):
    """One rule of an organisation, for one campaign or (None) for all of it and below it.

    ``most`` is, of kind TIMES, how often somebody is served, or how many pieces of ``item`` they
    get; of kind AMOUNT fen, from ``fund_source`` or (None) from all. ``item`` narrows a rule to
    one thing that is handed out. A rule holds from ``starts_on`` to ``ends_on`` (both
    included, None: until it is ended), as long as it is switched on. ``ground`` is the paper
    it comes from, as worded.
    """

    __tablename__ = "entitlement_rule"
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('times', 'amount')) = (most IS NOT NULL)", name="a_limit_has_a_number"
        ),
        CheckConstraint("most > 0", name="most_positive"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[RuleKind]
    basis: Mapped[Basis] = mapped_column(default=Basis.PERSON)
    span: Mapped[Span] = mapped_column(default=Span.CAMPAIGN)
    most: Mapped[int | None]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    fund_source_id: Mapped[int | None] = mapped_column(ForeignKey("fund_source.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    is_on: Mapped[bool] = mapped_column(default=True)
    ground: Mapped[str] = mapped_column(default="")

    organization: Mapped[Organization] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    item: Mapped[Item | None] = relationship()
    fund_source: Mapped[FundSource | None] = relationship()
    groups: Mapped[list[CampaignGroup]] = relationship(
        secondary="entitled_group", order_by="CampaignGroup.position, CampaignGroup.id"
    )
    units: Mapped[list[Organization]] = relationship(
        secondary="entitled_unit", order_by="Organization.name"
    )


class EntitledGroup(Base):
    """A target group that a rule lets in."""

    __tablename__ = "entitled_group"

    rule_id: Mapped[int] = mapped_column(ForeignKey("entitlement_rule.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_group.id"), primary_key=True, index=True
    )


class EntitledUnit(Base):
    """A union whose people, and those of all unions below it, a rule lets in."""

    __tablename__ = "entitled_unit"

    rule_id: Mapped[int] = mapped_column(ForeignKey("entitlement_rule.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, index=True
    )
