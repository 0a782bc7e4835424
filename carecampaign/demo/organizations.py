"""The unions of the demo: those the newspaper page names, and made-up ones that say so."""

from dataclasses import dataclass

from carecampaign.access.actor import SYSTEM
from carecampaign.organizations import services as organizations
from carecampaign.organizations.models import Organization, OrganizationKind

SYNTHETIC_UNITS = 28
"""The page counts 29 units and names one of them: 北京农商银行."""


@dataclass(frozen=True)
class Unions:
    """The organisations that the rest of the demo stands on."""

    municipal: Organization
    finance: Organization
    bank: Organization
    finance_units: list[Organization]
    """The 29 participating units of the finance union's campaign, the bank among them."""
    miyun: Organization
    chaoyang: Organization
    donghu: Organization
    tongzhou: Organization
    publicity: Organization


def build_unions() -> Unions:
    """Set up the union tree, and the foundation and the partner body beside it."""
    kind = OrganizationKind
    municipal = _add("北京市总工会", "市总工会", kind.MUNICIPAL)
    finance = _add("北京市金融工会", "市金融工会", kind.INDUSTRY, municipal)
    bank = _add("北京农商银行工会", "北京农商银行", kind.GRASSROOTS, finance)
    others = [_add_synthetic_unit(number, finance) for number in range(1, SYNTHETIC_UNITS + 1)]
    chaoyang = _add("朝阳区总工会", "朝阳区总工会", kind.DISTRICT, municipal)
    _add("北京市温暖基金会", "温暖基金会", kind.FOUNDATION)
    return Unions(
        municipal=municipal,
        finance=finance,
        bank=bank,
        finance_units=[bank, *others],
        miyun=_add("密云区总工会", "密云区总工会", kind.DISTRICT, municipal),
        chaoyang=chaoyang,
        donghu=_add("东湖街道总工会", "东湖街道总工会", kind.STREET, chaoyang),
        # The page does not speak of this federation: that it owns stations here is made up.
        tongzhou=_add("通州区总工会（演示）", "通州区总工会", kind.DISTRICT, municipal),
        publicity=_add("密云区委宣传部", "密云区委宣传部", kind.PARTNER),
    )


def _add_synthetic_unit(number: int, parent: Organization) -> Organization:
    name = f"金融系统演示单位{number:02d}工会"
    return _add(name, f"演示单位{number:02d}", OrganizationKind.GRASSROOTS, parent)


def _add(
    name: str, short_name: str, kind: OrganizationKind, parent: Organization | None = None
) -> Organization:
    return organizations.create_organization(
        name, short_name=short_name, kind=kind, parent=parent, by=SYSTEM
    )
