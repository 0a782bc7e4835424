"""What the demo hands out: the page's own goods, and those of the made-up current winter."""

from collections.abc import Sequence
from dataclasses import dataclass

from carecampaign.access.actor import SYSTEM
from carecampaign.catalogue import services as catalogue
from carecampaign.catalogue.models import Item, PackageVersion
from carecampaign.catalogue.services import Content

PRICE_IS_SYNTHETIC = "单价为演示数据"
ALL_IS_SYNTHETIC = "演示数据"


@dataclass(frozen=True)
class Goods:
    """The items and care packages of the demo. The page gives no prices: they are made up."""

    blanket: Item
    mask: Item
    gloves: Item
    cup: Item
    power_bank: Item
    coat: Item
    medicine_box: Item
    warmer: Item
    unspecified: Item
    scarf: Item
    hand_cream: Item
    ginger_tea: Item
    finance_package: PackageVersion
    miyun_package: PackageVersion
    winter_package: PackageVersion


def build_goods() -> Goods:
    """Fill the catalogue."""
    blanket = _named("保暖毯", "条", 5_900)
    mask = _named("口罩", "包", 900)
    gloves = _named("手套", "双", 1_800)
    cup = _named("保温杯", "个", 4_500)
    power_bank = _named("充电宝", "个", 6_900)
    warmer = _named("暖宝宝", "片", 120)
    unspecified = _add("防寒保暖物品（品名未列明）", "份", 0, "品名、规格、单价均未见报道")
    scarf = _add("围巾", "条", 2_500, ALL_IS_SYNTHETIC)
    hand_cream = _add("护手霜", "支", 1_200, ALL_IS_SYNTHETIC)
    return Goods(
        blanket=blanket,
        mask=mask,
        gloves=gloves,
        cup=cup,
        power_bank=power_bank,
        coat=_named("大衣", "件", 19_800),
        medicine_box=_named("医药箱", "个", 5_800),
        warmer=warmer,
        unspecified=unspecified,
        scarf=scarf,
        hand_cream=hand_cream,
        ginger_tea=_add("姜茶", "盒", 800, ALL_IS_SYNTHETIC),
        finance_package=_finance_package([blanket, mask, gloves, cup, power_bank]),
        miyun_package=_miyun_package(unspecified),
        winter_package=_winter_package([cup, gloves, scarf, hand_cream], warmer),
    )


def _finance_package(contents: Sequence[Item]) -> PackageVersion:
    return catalogue.create_package(
        "暖心慰问包",
        [Content(item, 1) for item in contents],
        is_exhaustive=False,
        note=(
            "市金融工会慰问包，报道写作“保暖毯、口罩、手套、保温杯、充电宝等”，所列未尽。"
            "（演示数据）每包各装一件，报道未给出件数。"
        ),
        by=SYSTEM,
    )


def _miyun_package(unspecified: Item) -> PackageVersion:
    return catalogue.create_package(
        "防寒保暖物品",
        [Content(unspecified, 1)],
        is_exhaustive=False,
        note="密云区总工会慰问品，报道只写作“防寒保暖物品”，未列明品名、规格、数量和金额。",
        by=SYSTEM,
    )


def _winter_package(contents: Sequence[Item], warmer: Item) -> PackageVersion:
    return catalogue.create_package(
        "暖冬慰问包（演示）",
        [*(Content(item, 1) for item in contents), Content(warmer, 5)],
        note="（演示数据）供试用系统，与实际活动无关。",
        by=SYSTEM,
    )


def _named(name: str, unit: str, reference_value: int) -> Item:
    """Add an item the page names; its value (fen) is made up."""
    return _add(name, unit, reference_value, PRICE_IS_SYNTHETIC)


def _add(name: str, unit: str, reference_value: int, spec: str) -> Item:
    return catalogue.create_item(
        name, unit=unit, reference_value=reference_value, spec=spec, by=SYSTEM
    )
