"""A plan's way: drafted, submitted, approved or returned, started, closed."""

from sqlalchemy import select, update

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import Gap, is_prepared_by, list_gaps
from carecampaign.campaigns.services.drafts import record
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l


class MovedOn(Conflict):
    """The campaign is not in the state this step starts from: somebody else was faster."""

    def __init__(self, state: CampaignState) -> None:
        super().__init__(
            _l(
                "This campaign now has the state “%(state)s”: somebody else was faster. "
                "Nothing was changed.",
                state=state.label,
            )
        )


class Incomplete(DomainError):
    """The plan lacks something that an approver has to see; ``gaps`` says what, in words."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__(_l("The plan is not complete yet."))
        self.gaps = gaps


class PreparerMayNotDecide(DomainError):
    """Whoever prepared a plan does not decide on it (DOMAIN.md REQ-1.6)."""

    def __init__(self) -> None:
        super().__init__(_l("You prepared this plan: somebody else has to decide on it."))


def submit_campaign(campaign: Campaign, *, by: Actor) -> None:
    """Put a complete draft before an approver. Raises Incomplete, MovedOn."""
    _move(
        campaign,
        CampaignState.DRAFT,
        CampaignState.SUBMITTED,
        submitted_at=clock.now(),
        submitted_by_id=by.id,
        returned_comment="",
    )
    gaps = list_gaps(campaign)
    if gaps:
        raise Incomplete(gaps)
    _record("submit", campaign, before=CampaignState.DRAFT, by=by)


def approve_campaign(campaign: Campaign, *, by: Actor) -> None:
    """Approve a submitted plan. Raises PreparerMayNotDecide, MovedOn."""
    _move(
        campaign,
        CampaignState.SUBMITTED,
        CampaignState.APPROVED,
        approved_at=clock.now(),
        approved_by_id=by.id,
    )
    _refuse_preparer(campaign, by)
    _record("approve", campaign, before=CampaignState.SUBMITTED, by=by)


def return_campaign(campaign: Campaign, *, comment: str, by: Actor) -> None:
    """Return a submitted plan to the draft, with what to change.

    Raises PreparerMayNotDecide, MovedOn.
    """
    _move(campaign, CampaignState.SUBMITTED, CampaignState.DRAFT, returned_comment=comment)
    _refuse_preparer(campaign, by)
    _record("return", campaign, before=CampaignState.SUBMITTED, by=by, comment=comment)


def start_campaign(campaign: Campaign, *, by: Actor) -> None:
    """Begin to carry out an approved plan. Raises MovedOn."""
    _move(campaign, CampaignState.APPROVED, CampaignState.ACTIVE)
    _record("start", campaign, before=CampaignState.APPROVED, by=by)


def close_campaign(campaign: Campaign, *, by: Actor) -> None:
    """End a campaign under way. Raises MovedOn.

    Whether its events and its stock allow that is for a higher area to see to.
    """
    _move(campaign, CampaignState.ACTIVE, CampaignState.CLOSED)
    _record("close", campaign, before=CampaignState.ACTIVE, by=by)


def _refuse_preparer(campaign: Campaign, by: Actor) -> None:
    if is_prepared_by(campaign, by):
        raise PreparerMayNotDecide


def _move(
    campaign: Campaign, source: CampaignState, target: CampaignState, **values: object
) -> None:
    """Change the state by a guarded UPDATE, so that of two people at once one is told."""
    moved = db.session.scalar(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.state == source)
        .values(state=target, revision=Campaign.revision + 1, **values)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        now = db.session.scalar(select(Campaign.state).where(Campaign.id == campaign.id))
        raise MovedOn(now or campaign.state)
    db.session.refresh(
        campaign, ["state", "revision", "drafted_by_id", "submitted_by_id", *values]
    )


def _record(
    verb: str, campaign: Campaign, *, before: CampaignState, by: Actor, comment: str = ""
) -> None:
    changes: dict[str, object] = {"state": [before, campaign.state]}
    if comment:
        changes["comment"] = comment
    record(verb, campaign, by=by, changes=changes)
