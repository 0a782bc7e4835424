"""Lists that behave alike: declared once, filtered, sorted, paged, added up and exported."""

from carecampaign.core.listing.asking import EVERYTHING, OF_LISTS, lasting_query
from carecampaign.core.listing.columns import (
    Column,
    Figure,
    Listing,
    Moment,
    Price,
    Sum,
    Yuan,
    by_member,
)
from carecampaign.core.listing.paging import PAGE_SIZE, PAGE_SIZES, Page, page_within, paginate
from carecampaign.core.listing.rows import count_and_sum, page_of
from carecampaign.core.listing.showing import MOST_EXPORTED, SAVED_VIEWS, Listed, show_list

__all__ = [
    "EVERYTHING",
    "MOST_EXPORTED",
    "OF_LISTS",
    "PAGE_SIZE",
    "PAGE_SIZES",
    "SAVED_VIEWS",
    "Column",
    "Figure",
    "Listed",
    "Listing",
    "Moment",
    "Page",
    "Price",
    "Sum",
    "Yuan",
    "by_member",
    "count_and_sum",
    "lasting_query",
    "page_of",
    "page_within",
    "paginate",
    "show_list",
]
