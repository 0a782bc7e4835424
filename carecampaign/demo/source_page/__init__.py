"""The three care campaigns of a newspaper page of December 2023, with exactly its facts.

What the page does not say and the system has to know is made up, and says so where it stands:
as ``is_synthetic``, or as 演示数据 in a note, a name or a background.
"""

from carecampaign.demo.goods import Goods
from carecampaign.demo.organizations import Unions
from carecampaign.demo.source_page import donghu, finance_union, miyun


def build(unions: Unions, goods: Goods) -> None:
    """Build the campaigns, from the first draft to the closed event."""
    finance_union.build(unions, goods)
    miyun.build(unions, goods)
    donghu.build(unions, goods)
