"""Made-up people with names that nobody can take for real ones."""

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries import services as beneficiaries
from carecampaign.beneficiaries.contacts import Contacts
from carecampaign.beneficiaries.models import CARDS_ON_A_SHEET, Card, Person, Revocation
from carecampaign.beneficiaries.queries.cards import cards_in
from carecampaign.beneficiaries.services import cards, pairs
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.demo.occupations import occupation
from carecampaign.demo.organizations import Unions

SURNAMES = "张王李赵刘陈杨黄周吴"
GIVEN = "一二三四"
PAIRED = 8
"""The first people live together, two by two."""

WORK = (
    ("快递员", "演示快递公司"),
    ("外卖配送员", "演示外卖平台"),
    ("环卫工人", "演示环卫中心"),
    ("公共文明引导员", "演示公交站台"),
)


def build(unions: Unions, *, by: Actor) -> list[Person]:
    """Keep forty people by name: 演示张一 and so on."""
    names = [f"演示{surname}{given}" for given in GIVEN for surname in SURNAMES]
    persons = []
    for number, name in enumerate(names):
        work, employer = WORK[number % len(WORK)]
        persons.append(
            beneficiaries.add_person(
                name,
                occupation=occupation(work),
                organization=unions.municipal,
                employer=employer,
                contacts=Contacts(household_key=f"3B{number // 2 + 1}" if number < PAIRED else ""),
                is_synthetic=True,
                by=by,
            )
        )
    _hand_out_cards(unions, persons, by=by)
    # Somebody wonders whether 演示张一 and 演示张二 are one person.
    pairs.name_pair(persons[0], persons[len(SURNAMES)], by=by)
    return persons


def put_on_roster(campaign: Campaign, persons: list[Person], *, by: Actor) -> None:
    """Put half of them on the roster of a campaign, for two of its units."""
    for unit, first in zip(campaign.units[:2], (0, 10), strict=False):
        ids = [person.id for person in persons[first : first + 10]]
        campaigns.add_to_roster(campaign, unit, ids, by=by)


def _hand_out_cards(unions: Unions, persons: list[Person], *, by: Actor) -> None:
    """Keep a sheet of ten cards: three with people, one of them lost.

    Their codes are forgotten, as those of every card are.
    """
    batch = cards.keep_batch(unions.municipal, cards.draw_codes(CARDS_ON_A_SHEET), by=by)
    handed_out = db.session.scalars(cards_in(batch).order_by(Card.id).limit(3)).all()
    for card, person in zip(handed_out, persons, strict=False):
        cards.bind_card(card, person, by=by)
    cards.revoke_card(handed_out[0], Revocation.LOST, by=by)
