"""Events of the current winter: two over, one open today, three to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import Campaign
from carecampaign.core import clock
from carecampaign.demo.current_winter.stations import Places
from carecampaign.demo.current_winter.stock import Stores
from carecampaign.demo.goods import Goods
from carecampaign.demo.handing_out import Log, at
from carecampaign.demo.organizations import Unions
from carecampaign.demo.people import Crew, acting
from carecampaign.distributions import services as distributions
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.services import Count
from carecampaign.distributions.services.closing import Gap
from carecampaign.inventory.models import StockLocation
from carecampaign.inventory.services import Line
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station

NOTE = "（演示数据）"
PER_GROUP = 20
"""What each event plans for each group."""

PAST_AT_COURIERS = (36, 28, 17, 4, 8)
PAST_AT_BANK = (24, 26, 14, 6, 5)
SO_FAR_TODAY = (2, 2, 1, 0, 1)
"""Anonymous handouts by group; in the past ones, named people come on top."""

NAMED_AT_EACH = 20


@dataclass(frozen=True)
class Scene:
    """What every event of the winter is made from."""

    campaign: Campaign
    goods: Goods
    crew: Crew
    today: date

    @property
    def lead(self) -> Actor:
        return acting(self.crew["lead"])

    @property
    def volunteer(self) -> Actor:
        return acting(self.crew["volunteer"])

    def plan(
        self,
        *,
        unit: Organization,
        days: int,
        station: Station | None = None,
        place: str = "",
        hours: tuple[int, int] = (9, 17),
        is_manned: bool = True,
    ) -> DistributionEvent:
        """Plan an event so many days from today (negative: ago), with people or without yet."""
        starts, ends = hours
        return distributions.create_event(
            self.campaign,
            unit=unit,
            station=station,
            place=place,
            held_on=self.today + timedelta(days=days),
            starts_at=time(starts),
            ends_at=time(ends),
            plans={group.id: PER_GROUP for group in self.campaign.groups},
            volunteers=[self.crew["volunteer"], self.crew["lead"]] if is_manned else (),
            note=NOTE,
            is_synthetic=True,
            by=acting(self.crew["planner"]),
        )

    def open(
        self, event: DistributionEvent, source: StockLocation, *, packages: int, singles: int
    ) -> None:
        """Open an event with packages, so many boxes of tea and three times as many warmers."""
        lines = [
            Line(self.goods.winter_package.item, packages),
            Line(self.goods.warmer, 3 * singles),
            Line(self.goods.ginger_tea, singles),
        ]
        distributions.open_event(
            event, source=source, lines=lines, dated_on=event.held_on, by=self.lead
        )

    def hand_out(self, log: Log, counts: Sequence[int], persons: Sequence[Person] = ()) -> None:
        """Log packages to groups in turn and to named people, and some tea on top."""
        package, tea = self.goods.winter_package.item, self.goods.ginger_tea
        for person in persons:
            log.give(package, to=person)
        for round_number in range(max(counts)):
            for group, count in zip(self.campaign.groups, counts, strict=True):
                if round_number < count:
                    log.give(package, to=group)
                if round_number < count // 4:
                    log.give(tea, to=group, head_count=0)


def build(
    scene: Scene, unions: Unions, places: Places, stores: Stores, persons: Sequence[Person]
) -> None:
    """Build all of them."""
    first, second = persons[:NAMED_AT_EACH], persons[NAMED_AT_EACH:]
    _past_at_couriers(scene, unions, places, stores, first)
    _past_at_bank(scene, unions, places, stores, [*second, first[0]])
    _today_at_bank(scene, unions, places, stores)
    scene.plan(unit=unions.donghu, station=places.party_centre, days=2, is_manned=False)
    scene.plan(unit=unions.miyun, station=places.post, days=5, is_manned=False)
    scene.plan(unit=unions.miyun, place="密云区演示公交场站（演示）", days=9, hours=(6, 9))


def _past_at_couriers(
    scene: Scene, unions: Unions, places: Places, stores: Stores, persons: Sequence[Person]
) -> None:
    """Hold an event after which everything is in order."""
    event = scene.plan(unit=unions.tongzhou, station=places.couriers, days=-9)
    scene.open(event, stores.couriers, packages=120, singles=40)
    log = Log(event, scene.volunteer, begins=at(event.held_on, time(9)))
    scene.hand_out(log, PAST_AT_COURIERS, persons)
    distributions.close_event(
        event, counts={}, target=stores.couriers, dated_on=event.held_on, by=scene.lead
    )


def _past_at_bank(
    scene: Scene, unions: Unions, places: Places, stores: Stores, persons: Sequence[Person]
) -> None:
    """Hold an event with an entry taken back, an exception to settle, and a package missing."""
    *new, served_before = persons
    event = scene.plan(unit=unions.chaoyang, station=places.bank, days=-4)
    scene.open(event, stores.bank, packages=110, singles=40)
    log = Log(event, scene.volunteer, begins=at(event.held_on, time(9)))
    scene.hand_out(log, PAST_AT_BANK, new)
    package = scene.goods.winter_package.item
    slip = log.give(package, to=scene.campaign.groups[0])
    log.take_back(slip, reason="误点，重复登记（演示数据）", by=scene.lead)
    log.give(package, to=served_before, note="已先行发放（演示数据）", already_given=True)
    left = 110 - sum(PAST_AT_BANK) - len(new) - 1
    counts = {package.id: Count(left - 1, gap=Gap.LOST)}
    distributions.close_event(
        event, counts=counts, target=stores.bank, dated_on=event.held_on, by=scene.lead
    )


def _today_at_bank(scene: Scene, unions: Unions, places: Places, stores: Stores) -> None:
    """Open the event at which a newcomer logs a handout at once."""
    event = scene.plan(unit=unions.chaoyang, station=places.bank, days=0)
    scene.open(event, stores.bank, packages=80, singles=60)
    begins = clock.now() - timedelta(minutes=30)
    log = Log(event, scene.volunteer, begins=begins, every=timedelta(minutes=3))
    scene.hand_out(log, SO_FAR_TODAY)
