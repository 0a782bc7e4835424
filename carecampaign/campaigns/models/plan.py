"""A campaign (慰问活动): who cares for whom, with what, from which money."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models import Occupation
from carecampaign.catalogue.models import Item, PackageVersion
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.funds.models import FundSource
from carecampaign.organizations.models import Organization


class Season(Labelled):
    """The season brands (四季品牌, DOMAIN.md section 6), and the two festivals."""

    WINTER = "winter", _l("Winter warmth")
    TWO_FESTIVALS = "two_festivals", _l("Two-festival (New Year and Spring Festival)")
    SPRING = "spring", _l("Spring jobs")
    SUMMER = "summer", _l("Summer cool")
    AUTUMN = "autumn", _l("Autumn school aid")


class CampaignState(Labelled):
    DRAFT = "draft", _l("Draft"), "secondary"
    SUBMITTED = "submitted", _l("Submitted"), "warning"
    APPROVED = "approved", _l("Approved"), "info"
    ACTIVE = "active", _l("Under way"), "success"
    CLOSED = "closed", _l("Closed"), "secondary"


class LegalBasis(Labelled):
    """On what ground personal data are handled (PIPL Art 13, DOMAIN.md section 9)."""

    CONSENT = "consent", _l("Consent of the person")
    LABOUR = "labour", _l("Contract, or human resources management under labour rules")
    STATUTORY_DUTY = "statutory_duty", _l("Statutory duty")
    EMERGENCY = "emergency", _l("Emergency, to protect life, health or property")
    PUBLIC_INTEREST = "public_interest", _l("News reporting in the public interest")
    PUBLISHED = "published", _l("Already lawfully published")
    OTHER_LAW = "other_law", _l("Another case named by law")


class Campaign(Model):
    """The plan and its state. ``year`` is the campaign year: that of its Spring Festival.

    ``standard_per_head`` is fen a head; ``target_as_worded`` keeps a source's own words
    (千余名) where no number is known. ``legal_basis`` None is not said yet, and taken for
    consent. ``revision`` counts the changes to the plan, so that whoever saves an older one
    is told.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("planned_packages >= 0", name="planned_never_negative"),
    )

    name: Mapped[str]
    season: Mapped[Season]
    year: Mapped[int] = mapped_column(index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    organizer_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    background: Mapped[str]
    target_as_worded: Mapped[str]
    package_version_id: Mapped[int | None] = mapped_column(ForeignKey("package_version.id"))
    planned_packages: Mapped[int]
    standard_per_head: Mapped[int | None]
    state: Mapped[CampaignState] = mapped_column(default=CampaignState.DRAFT, index=True)
    returned_comment: Mapped[str] = mapped_column(default="")
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    legal_basis: Mapped[LegalBasis | None]
    revision: Mapped[int] = mapped_column(default=0)
    is_synthetic: Mapped[bool] = mapped_column(default=False)

    organizer: Mapped[Organization] = relationship()
    package_version: Mapped[PackageVersion | None] = relationship()
    drafted_by: Mapped[User | None] = relationship(foreign_keys=drafted_by_id)
    submitted_by: Mapped[User | None] = relationship(foreign_keys=submitted_by_id)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)
    co_organizers: Mapped[list[Organization]] = relationship(
        secondary="campaign_co_organizer", order_by="Organization.name"
    )
    units: Mapped[list[Organization]] = relationship(
        secondary="campaign_unit", order_by="Organization.name"
    )
    groups: Mapped[list["CampaignGroup"]] = relationship(
        order_by="CampaignGroup.position, CampaignGroup.id", back_populates="campaign"
    )
    items: Mapped[list["CampaignItem"]] = relationship(order_by="CampaignItem.id")
    budget_lines: Mapped[list["BudgetLine"]] = relationship(order_by="BudgetLine.id")


class CampaignCoOrganizer(Base):
    """An organisation or partner body that runs the campaign together with the organiser."""

    __tablename__ = "campaign_co_organizer"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, index=True
    )


class CampaignUnit(Base):
    """A participating unit: it gets a quota and hands out to its own people."""

    __tablename__ = "campaign_unit"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, index=True
    )


class CampaignGroup(Model):
    """A target group of one campaign, mapped from occupations of the master taxonomy."""

    __tablename__ = "campaign_group"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    campaign: Mapped[Campaign] = relationship(back_populates="groups")
    occupations: Mapped[list[Occupation]] = relationship(
        secondary="campaign_group_occupation", order_by="Occupation.code"
    )


class CampaignGroupOccupation(Base):
    """Within one campaign an occupation counts in one group."""

    __tablename__ = "campaign_group_occupation"
    __table_args__ = (UniqueConstraint("campaign_id", "occupation_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("campaign_group.id"), primary_key=True)
    occupation_id: Mapped[int] = mapped_column(
        ForeignKey("occupation.id"), primary_key=True, index=True
    )
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))


class Quota(Model):
    """How many packages a unit is given for a group (名额): a plan, no barrier at a station."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("campaign_id", "unit_id", "group_id"),
        CheckConstraint("planned >= 0", name="planned_never_negative"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("campaign_group.id"), index=True)
    planned: Mapped[int]

    unit: Mapped[Organization] = relationship()
    group: Mapped[CampaignGroup] = relationship()


class CampaignItem(Model):
    """So many pieces planned of an item that is handed out singly, beside or without a package."""

    __tablename__ = "campaign_item"
    __table_args__ = (
        UniqueConstraint("campaign_id", "item_id"),
        CheckConstraint("planned > 0", name="planned_positive"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    planned: Mapped[int]

    item: Mapped[Item] = relationship()


class BudgetLine(Model):
    """So much (fen) for a purpose, from exactly one fund source (专款专用)."""

    __tablename__ = "budget_line"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount_never_negative"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    fund_source_id: Mapped[int] = mapped_column(ForeignKey("fund_source.id"), index=True)
    purpose: Mapped[str]
    amount: Mapped[int]

    fund_source: Mapped[FundSource] = relationship()
