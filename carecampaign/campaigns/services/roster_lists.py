"""The rosters of campaigns as lists onto which imported persons go."""

from collections.abc import Sequence

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.roster import use_lists
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import get_campaign_for
from carecampaign.campaigns.queries.rosters import (
    find_campaigns_named,
    list_roster_campaigns_for,
)
from carecampaign.campaigns.services.rosters import add_to_roster, check_roster
from carecampaign.core.errors import DomainError, NotFound
from carecampaign.core.i18n import _
from carecampaign.organizations.models import Organization


class CampaignRosters:
    """As ``beneficiaries.roster.PersonLists`` has it; the key is the campaign's id."""

    def choices_for(self, actor: Actor) -> list[tuple[int, str]]:
        return [(one.id, one.name) for one in list_roster_campaigns_for(actor)]

    def find(self, text: str) -> int:
        found = find_campaigns_named(text)
        if not found:
            raise NotFound(_("There is no such campaign: %(name)s", name=text))
        if len(found) > 1:
            ids = ", ".join(str(one.id) for one in found)
            message = _(
                "Several campaigns are called so: give one of the numbers %(ids)s.", ids=ids
            )
            raise DomainError(message)
        return found[0].id

    def check(self, key: int, unit: Organization, *, by: Actor) -> str:
        campaign = self._get(key, by)
        check_roster(campaign, unit)
        return campaign.name

    def put(self, key: int, unit: Organization, person_ids: Sequence[int], *, by: Actor) -> str:
        added = add_to_roster(self._get(key, by), unit, person_ids, by=by)
        return _(
            "On the roster: %(new)s new, %(already)s were on it, %(elsewhere)s stay on it for"
            " another unit.",
            new=added.new,
            already=added.already,
            elsewhere=added.elsewhere,
        )

    def _get(self, key: int, by: Actor) -> Campaign:
        return get_campaign_for(by, key)


use_lists(CampaignRosters())
