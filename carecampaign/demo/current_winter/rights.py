"""Who may receive in the campaign under way, and what people were told and agreed to."""

from collections.abc import Sequence
from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import (
    Campaign,
    ConsentKind,
    ConsentMeans,
    LegalBasis,
    RuleKind,
)
from carecampaign.campaigns.notices import TO_FILL_IN, propose_body
from carecampaign.campaigns.queries import consents_of
from carecampaign.demo.goods import Goods

TOLD = 12
"""How many people signed the notice."""


def build(
    campaign: Campaign, goods: Goods, persons: Sequence[Person], *, today: date, by: Actor
) -> None:
    """Add a rule, the example of caps, a notice, and consents of which one is withdrawn."""
    campaigns.add_rule(
        campaign,
        RuleKind.TIMES,
        campaigns.Terms(
            starts_on=campaign.starts_on,
            most=2,
            item=goods.ginger_tea,
            ground="活动实施方案（演示）",
        ),
        by=by,
    )
    campaigns.add_example_caps(campaign, by=by)
    campaigns.publish_notice(
        campaign,
        body=propose_body(campaign).replace(TO_FILL_IN, "（演示）"),
        asks=[ConsentKind.PUBLIC_NOTICE, ConsentKind.PHOTO],
        legal_basis=LegalBasis.CONSENT,
        by=by,
    )
    campaigns.record_consents(
        campaign,
        [person.id for person in persons[:TOLD]],
        [ConsentKind.PUBLIC_NOTICE],
        means=ConsentMeans.ON_PAPER,
        given_on=today,
        by=by,
    )
    campaigns.withdraw_consent(consents_of(persons[0])[-1], by=by)
