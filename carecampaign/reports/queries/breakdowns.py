"""The handouts of a campaign by unit, group, place and day, with packages as they are or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from carecampaign.campaigns.models import Campaign, CampaignGroup
from carecampaign.campaigns.queries import quotas
from carecampaign.catalogue.models import Item
from carecampaign.reports.queries import progress
from carecampaign.reports.queries.items import ItemLine, lines_of, read_handed_out
from carecampaign.reports.queries.progress import Cells, Figures, Line


@dataclass(frozen=True)
class Breakdowns:
    """The same handouts added up along four ways.

    ``items`` are what was handed out, item by item, where packages are counted as the items in
    them; else there are none.
    """

    units: list[Line]
    groups: list[Line]
    places: list[Line]
    days: list[tuple[date, Figures]]
    items: Sequence[ItemLine] = ()

    @property
    def things(self) -> list[Item]:
        """The items that have a column of their own."""
        return [line.item for line in self.items]


def read_breakdowns(
    campaign: Campaign, name_of: Callable[[CampaignGroup], str], *, by_items: bool = False
) -> Breakdowns:
    """Read plan and handouts; ``by_items`` counts packages as the items in them."""
    if not by_items:
        cells = progress.read_cells(campaign)
        return Breakdowns(
            units=progress.by_unit(campaign, cells),
            groups=progress.by_group(campaign, cells, name_of),
            places=progress.by_place(campaign),
            days=progress.by_day(campaign),
        )
    handed_out = read_handed_out(campaign)
    cells = Cells(quotas(campaign), handed_out.by_cell())
    return Breakdowns(
        units=progress.by_unit(campaign, cells),
        groups=progress.by_group(campaign, cells, name_of),
        places=progress.by_place(campaign, handed_out.by_place()),
        days=handed_out.by_day(),
        items=lines_of(handed_out),
    )
