"""Made-up people with names that nobody can take for real ones."""

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries import services as beneficiaries
from carecampaign.beneficiaries.models import Person
from carecampaign.demo.occupations import occupation
from carecampaign.demo.organizations import Unions

SURNAMES = "张王李赵刘陈杨黄周吴"
GIVEN = "一二三四"
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
                is_synthetic=True,
                by=by,
            )
        )
    return persons
