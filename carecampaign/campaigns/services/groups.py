"""The target groups of a campaign, and the occupations that count in each."""

from collections.abc import Collection

from sqlalchemy import delete, func, select

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.models import Occupation
from carecampaign.campaigns.models import (
    Campaign,
    CampaignGroup,
    CampaignGroupOccupation,
    EntitledGroup,
    Quota,
)
from carecampaign.campaigns.queries import groups_of_occupations
from carecampaign.campaigns.services.drafts import change_draft, record
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l


class GroupNameTaken(DomainError):
    """The campaign has a target group of this name already."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("This campaign already has a target group of this name."))


class OccupationCountsElsewhere(DomainError):
    """An occupation counts in one target group of a campaign only."""

    field = "occupation_ids"

    def __init__(self, occupation: Occupation, group: CampaignGroup) -> None:
        super().__init__(
            _l(
                "%(occupation)s already counts in the target group “%(group)s”.",
                occupation=occupation.name,
                group=group.name,
            )
        )


class GroupInRule(Conflict):
    """A rule on who may receive would let in nobody, or others, without the group."""

    def __init__(self) -> None:
        super().__init__(
            _l("A rule on who may receive names this target group: change the rule first.")
        )


def add_group(
    campaign: Campaign,
    *,
    name: str,
    name_en: str,
    occupations: Collection[Occupation],
    by: Actor,
) -> CampaignGroup:
    """Add a target group to a draft, after those it has.

    Raises GroupNameTaken, OccupationCountsElsewhere, NotADraft.
    """
    change_draft(campaign)
    last = db.session.scalar(
        select(func.max(CampaignGroup.position)).where(CampaignGroup.campaign_id == campaign.id)
    )
    group = CampaignGroup(
        campaign_id=campaign.id, name=name, name_en=name_en, position=(last or 0) + 1
    )
    _check(campaign, group, name, occupations)
    db.session.add(group)
    db.session.flush()
    _set_occupations(group, occupations)
    db.session.expire(campaign, ["groups"])
    record("add_group", campaign, by=by, changes=_content(name, name_en, occupations))
    return group


def edit_group(
    group: CampaignGroup,
    *,
    name: str,
    name_en: str,
    occupations: Collection[Occupation],
    by: Actor,
) -> None:
    """Change a target group of a draft.

    Raises GroupNameTaken, OccupationCountsElsewhere, NotADraft.
    """
    campaign = group.campaign
    change_draft(campaign)
    before = _content(group.name, group.name_en, group.occupations)
    after = _content(name, name_en, occupations)
    if before == after:
        return
    _check(campaign, group, name, occupations)
    group.name = name
    group.name_en = name_en
    db.session.flush()
    _set_occupations(group, occupations)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    record("edit_group", campaign, by=by, changes={"group": name, **changes})


def remove_group(group: CampaignGroup, *, by: Actor) -> None:
    """Take a target group out of a draft, and its quotas with it.

    Raises NotADraft, GroupInRule.
    """
    campaign = group.campaign
    change_draft(campaign)
    named = select(EntitledGroup.rule_id).where(EntitledGroup.group_id == group.id)
    if db.session.scalar(named.limit(1)) is not None:
        raise GroupInRule
    for table in (Quota, CampaignGroupOccupation):
        db.session.execute(delete(table).where(table.group_id == group.id))
    db.session.execute(delete(CampaignGroup).where(CampaignGroup.id == group.id))
    db.session.expire(campaign, ["groups"])
    record("remove_group", campaign, by=by, changes={"group": group.name})


def _check(
    campaign: Campaign, group: CampaignGroup, name: str, occupations: Collection[Occupation]
) -> None:
    same_name = select(CampaignGroup.id).where(
        CampaignGroup.campaign_id == campaign.id, CampaignGroup.name == name
    )
    if db.session.scalar(same_name) not in {None, group.id}:
        raise GroupNameTaken
    taken = groups_of_occupations(campaign)
    for occupation in occupations:
        other = taken.get(occupation.id)
        if other is not None and other.id != group.id:
            raise OccupationCountsElsewhere(occupation, other)


def _set_occupations(group: CampaignGroup, occupations: Collection[Occupation]) -> None:
    db.session.execute(
        delete(CampaignGroupOccupation).where(CampaignGroupOccupation.group_id == group.id)
    )
    ids = {occupation.id for occupation in occupations}
    db.session.add_all(
        CampaignGroupOccupation(
            group_id=group.id, occupation_id=id_, campaign_id=group.campaign_id
        )
        for id_ in sorted(ids)
    )
    db.session.flush()
    db.session.expire(group, ["occupations"])


def _content(
    name: str, name_en: str, occupations: Collection[Occupation]
) -> dict[str, str | list[str]]:
    names = sorted({occupation.name for occupation in occupations})
    return {"name": name, "name_en": name_en, "occupations": names}
