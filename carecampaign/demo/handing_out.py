"""Handouts of the demo, logged through the same door as those of a phone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import CampaignGroup
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.distributions import services as distributions
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.taps import Tap

_IDS = UUID("6d1b4f0e-2a53-4d0c-9c1e-5e0a7d2f4b10")
"""Under it the ids of all entries are made, so that two loads make the same ones."""


@dataclass
class Log:
    """Writes the log of one event, entry by entry. What it writes is synthetic unless said."""

    event: DistributionEvent
    by: Actor
    begins: datetime
    every: timedelta = timedelta(minutes=1)
    entries: int = 0

    def give(
        self,
        item: Item,
        *,
        to: CampaignGroup | Person,
        quantity: int = 1,
        head_count: int = 1,
        note: str = "",
        already_given: bool = False,
        is_synthetic: bool = True,
    ) -> UUID:
        """Log one handing over to a group or a named person; give the id of the entry."""
        self.entries += 1
        is_person = isinstance(to, Person)
        tap = Tap(
            id=uuid5(_IDS, f"{self.event.id}/{self.entries}"),
            item_id=item.id,
            group_id=None if is_person else to.id,
            person_id=to.id if is_person else None,
            quantity=quantity,
            head_count=head_count,
            happened_at=self.begins + self.entries * self.every,
            note=note,
            already_given=already_given,
            is_synthetic=is_synthetic,
        )
        distributions.log_handout(self.event, tap, by=self.by)
        return tap.id

    def take_back(self, handout_id: UUID, *, reason: str, by: Actor) -> None:
        """Void an entry."""
        distributions.void_handout(
            handout_id, void_id=uuid5(_IDS, f"void/{handout_id}"), reason=reason, by=by
        )


def at(day: date, hour: time) -> datetime:
    """Give the instant of an hour of a local day."""
    return clock.start_of(day) + timedelta(hours=hour.hour, minutes=hour.minute)
