"""Files with whole numbers: asked for, decided on by somebody else, made, fetched, deleted."""

from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models import Occupation
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.core.sealed import Sealed, SealedBytes
from carecampaign.organizations.models import Organization

KEPT_FOR = timedelta(hours=24)
"""How long a file can be fetched after it was made."""

THE_FILE = "the file"
"""The group of columns read only where the file itself is asked for."""


class ExportColumn(Labelled):
    """What a file may hold beside the name, by the attribute of a person."""

    PHONE = "phone", _l("Phone")
    ID_NUMBER = "id_number", _l("ID number")
    UNION_NUMBER = "union_number", _l("Membership number")
    OCCUPATION = "occupation", _l("Occupation")
    EMPLOYER = "employer", _l("Unit or platform")
    ORGANIZATION = "organization", _l("Kept by")


class ExportState(Labelled):
    WAITING = "waiting", _l("Waiting for approval"), "warning"
    APPROVED = "approved", _l("Approved, the file is being made"), "info"
    READY = "ready", _l("Ready to be fetched"), "success"
    DELETED = "deleted", _l("The file was deleted"), "secondary"
    REFUSED = "refused", _l("Not approved"), "danger"
    CANCELLED = "cancelled", _l("Cancelled"), "secondary"


class UnmaskedExport(Model):
    """A question for a file of persons with whole names and numbers, and what became of it.

    The persons are those kept within ``organization``, or, of a campaign, those on its roster
    for units within it. ``content`` is a workbook encrypted with ``password``, which is
    forgotten once it was shown. ``persons`` is how many the file holds, before it is made how
    many there were when it was asked for.
    """

    __tablename__ = "unmasked_export"
    __table_args__ = (
        CheckConstraint(
            "(state = 'ready') = (content IS NOT NULL)", name="ready_while_there_is_a_file"
        ),
        CheckConstraint("state = 'ready' OR password IS NULL", name="no_password_without_a_file"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    occupation_id: Mapped[int | None] = mapped_column(ForeignKey("occupation.id"))
    columns: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[ExportState] = mapped_column(default=ExportState.WAITING, index=True)
    persons: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(
        SealedBytes("unmasked_export.content"), deferred=True, deferred_group=THE_FILE
    )
    password: Mapped[str | None] = mapped_column(
        Sealed("unmasked_export.password"), deferred=True, deferred_group=THE_FILE
    )
    expires_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    occupation: Mapped[Occupation | None] = relationship()
    requested_by: Mapped[User] = relationship()

    @property
    def chosen(self) -> list[ExportColumn]:
        """What the file holds beside the name, in the order of the closed list."""
        return [column for column in ExportColumn if column.value in self.columns]
