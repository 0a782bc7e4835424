"""The calendar of the demo: the years as announced, and the next one computed."""

from carecampaign.access.actor import SYSTEM
from carecampaign.holidays import services

YEARS = range(2023, 2028)


def build_calendar() -> None:
    """Enter the holidays of the years the demo plays in."""
    for year in YEARS:
        services.take_over(year, by=SYSTEM)
