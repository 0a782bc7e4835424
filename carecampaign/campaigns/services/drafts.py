"""What every change to a plan begins with: only a draft changes, and never behind one's back."""

from collections.abc import Mapping

from sqlalchemy import update

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _l


class NotADraft(Conflict):
    """The plan has left the draft: it changes only after it was returned."""

    def __init__(self) -> None:
        super().__init__(
            _l("This campaign is no longer a draft: its plan changes only after it was returned.")
        )


class ChangedMeanwhile(Conflict):
    """Somebody else saved a change to the plan after this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Somebody else has changed this plan since you opened the page. Compare it with "
                "the campaign's page; when you save again, what stands here is kept."
            )
        )


def change_draft(campaign: Campaign, *, revision: int | None = None) -> None:
    """Take hold of a draft for this transaction and count the change.

    ``revision`` is the one the change was made from; None asks for none in particular.
    Raises NotADraft, ChangedMeanwhile.
    """
    guard = update(Campaign).where(
        Campaign.id == campaign.id, Campaign.state == CampaignState.DRAFT
    )
    if revision is not None:
        guard = guard.where(Campaign.revision == revision)
    changed = db.session.scalar(
        guard.values(revision=Campaign.revision + 1)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(campaign, ["state", "revision"])
    if changed is None and campaign.state is not CampaignState.DRAFT:
        raise NotADraft
    if changed is None:
        raise ChangedMeanwhile


def record(
    verb: str, campaign: Campaign, *, by: Actor, changes: Mapping[str, object] | None = None
) -> None:
    """Note a change to a campaign in the audit log."""
    audit.record(
        f"campaigns.{verb}",
        campaign,
        by=by,
        name=campaign.name,
        path=campaign.organizer.path,
        changes=changes,
    )
