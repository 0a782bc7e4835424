"""What people were told about their personal data, and what they agreed to."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models.plan import Campaign
from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l


class ConsentKind(Labelled):
    """What somebody agrees to: the handling itself, and what needs a consent of its own.

    PIPL Art 13, 25 and 29 (DOMAIN.md section 4).
    """

    HANDLING = "handling", _l("Handling as the notice says")
    SENSITIVE = "sensitive", _l("Sensitive personal information")
    PUBLIC_NOTICE = "public_notice", _l("Public notice of the name")
    PHOTO = "photo", _l("Photos and their use")


SEPARATE = (ConsentKind.SENSITIVE, ConsentKind.PUBLIC_NOTICE, ConsentKind.PHOTO)
"""What is asked for on its own and may be refused."""


class ConsentMeans(Labelled):
    """How it is known that somebody was told and agreed."""

    IN_PERSON = "in_person", _l("Said in person")
    ON_PAPER = "on_paper", _l("Signed on paper")
    BY_UNIT = "by_unit", _l("Confirmed by their unit")


class Notice(Model):
    """One version of what a campaign tells people (告知书). A change is a new version.

    The ``asks_…`` say which separate consents it asks for.
    """

    __tablename__ = "campaign_notice"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    body: Mapped[str]
    asks_sensitive: Mapped[bool]
    asks_public_notice: Mapped[bool]
    asks_photo: Mapped[bool]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    campaign: Mapped[Campaign] = relationship()
    written_by: Mapped[User | None] = relationship()

    @property
    def asked(self) -> list[ConsentKind]:
        """What it asks for separately."""
        return [kind for kind in SEPARATE if getattr(self, f"asks_{kind.value}")]


class Consent(Model):
    """That somebody agreed to one thing, told by one version of a notice.

    ``given_on`` is the day they said so, ``created_at`` when it was recorded. Withdrawn, it
    stays on record, and a new one may follow: at most one of a kind stands at a time.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_standing",
            "campaign_id",
            "person_id",
            "kind",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
            sqlite_where=text("withdrawn_at IS NULL"),
        ),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("campaign_notice.id"), index=True)
    kind: Mapped[ConsentKind]
    means: Mapped[ConsentMeans]
    given_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    campaign: Mapped[Campaign] = relationship()
    person: Mapped[Person] = relationship()
    notice: Mapped[Notice] = relationship()
    recorded_by: Mapped[User | None] = relationship(foreign_keys=recorded_by_id)
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=withdrawn_by_id)
