"""Draft a campaign and change what it is about."""

from dataclasses import asdict, dataclass
from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign, Season
from carecampaign.campaigns.services.drafts import change_draft, record
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization

OCTOBER = 10


class EndsBeforeItStarts(DomainError):
    """The period of the campaign is the wrong way round."""

    field = "ends_on"

    def __init__(self) -> None:
        super().__init__(_l("The last day lies before the first."))


@dataclass(frozen=True)
class Facts:
    """What a campaign is about. ``standard_per_head`` is fen; both days are within the period."""

    name: str
    season: Season
    year: int
    starts_on: date
    ends_on: date
    background: str = ""
    target_as_worded: str = ""
    standard_per_head: int | None = None


def propose_year(starts_on: date) -> int:
    """Give the campaign year: that of the Spring Festival the period leads to."""
    return starts_on.year + 1 if starts_on.month >= OCTOBER else starts_on.year


def create_campaign(
    facts: Facts, *, organizer: Organization, by: Actor, is_synthetic: bool = False
) -> Campaign:
    """Draft a campaign of an organiser. Raises EndsBeforeItStarts."""
    _check(facts)
    campaign = Campaign(
        **asdict(facts),
        organizer=organizer,
        planned_packages=0,
        drafted_by_id=by.id,
        is_synthetic=is_synthetic,
    )
    db.session.add(campaign)
    db.session.flush()
    record("create", campaign, by=by, changes={**asdict(facts), "organizer": organizer.name})
    return campaign


def edit_campaign(
    campaign: Campaign, facts: Facts, *, by: Actor, revision: int | None = None
) -> None:
    """Change what a draft is about.

    Raises EndsBeforeItStarts, NotADraft, ChangedMeanwhile.
    """
    _check(facts)
    wanted = asdict(facts)
    changes = {
        name: [getattr(campaign, name), value]
        for name, value in wanted.items()
        if getattr(campaign, name) != value
    }
    if not changes:
        return
    change_draft(campaign, revision=revision)
    for name in changes:
        setattr(campaign, name, wanted[name])
    record("edit", campaign, by=by, changes=changes)


def _check(facts: Facts) -> None:
    if facts.ends_on < facts.starts_on:
        raise EndsBeforeItStarts
