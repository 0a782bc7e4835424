"""What a campaign hands out: care packages of one version, and single items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign, CampaignItem
from carecampaign.campaigns.queries import list_items
from carecampaign.campaigns.services.drafts import change_draft, record
from carecampaign.catalogue.models import Item, PackageVersion
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l


class NoPackageChosen(DomainError):
    """A number of packages is planned of no package."""

    field = "package_version_id"

    def __init__(self) -> None:
        super().__init__(_l("Choose the care package that is planned, or plan none."))


class ItemTwice(DomainError):
    """An item stands on two lines."""

    field = "items"

    def __init__(self, item: Item) -> None:
        super().__init__(
            _l("“%(item)s” stands on two lines: put the numbers together.", item=item.name)
        )


@dataclass(frozen=True)
class PlannedItem:
    """So many pieces of an item to be handed out singly."""

    item: Item
    planned: int


def set_goods(
    campaign: Campaign,
    *,
    version: PackageVersion | None,
    planned_packages: int,
    by: Actor,
    items: Sequence[PlannedItem] = (),
    revision: int | None = None,
) -> None:
    """Say what a draft hands out, and how much of it.

    Raises NoPackageChosen, ItemTwice, NotADraft, ChangedMeanwhile.
    """
    _check(version, planned_packages, items)
    before = _Goods.of(campaign)
    wanted = _Goods(version, planned_packages, {line.item: line.planned for line in items})
    if before == wanted:
        return
    change_draft(campaign, revision=revision)
    campaign.package_version = version
    campaign.planned_packages = planned_packages
    if before.items != wanted.items:
        _replace_items(campaign, wanted.items)
    old, new = before.words(), wanted.words()
    changes = {key: [old[key], new[key]] for key in new if old[key] != new[key]}
    record("set_goods", campaign, by=by, changes=changes)


@dataclass(frozen=True)
class _Goods:
    version: PackageVersion | None
    planned_packages: int
    items: Mapping[Item, int]

    @classmethod
    def of(cls, campaign: Campaign) -> "_Goods":
        items = {line.item: line.planned for line in list_items(campaign)}
        return cls(campaign.package_version, campaign.planned_packages, items)

    def words(self) -> dict[str, object]:
        version = self.version
        return {
            "package_version": version and f"{version.package.name} · {version.number}",
            "planned_packages": self.planned_packages,
            "items": sorted(f"{item.name}: {planned}" for item, planned in self.items.items()),
        }


def _check(
    version: PackageVersion | None, planned_packages: int, items: Sequence[PlannedItem]
) -> None:
    if version is None and planned_packages:
        raise NoPackageChosen
    seen = set()
    for line in items:
        if line.item.id in seen:
            raise ItemTwice(line.item)
        seen.add(line.item.id)


def _replace_items(campaign: Campaign, wanted: Mapping[Item, int]) -> None:
    db.session.execute(delete(CampaignItem).where(CampaignItem.campaign_id == campaign.id))
    db.session.add_all(
        CampaignItem(campaign_id=campaign.id, item_id=item.id, planned=planned)
        for item, planned in wanted.items()
    )
    db.session.flush()
    db.session.expire(campaign, ["items"])
