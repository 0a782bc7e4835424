"""The Chinese lunar calendar: the one place that knows the library behind it."""

from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache

from lunar_python import Lunar


def spring_festival_of(year: int) -> date:
    """Give the first day of the lunar year that begins in ``year``: 2027 → 2027-02-06.

    A year that no date can have counts as the nearest that can.
    """
    return _lunar(min(max(year, MINYEAR), MAXYEAR), 1, 1)


def new_years_eve_of(year: int) -> date:
    """Give the eve (除夕) of the Spring Festival that ``year`` brings."""
    return spring_festival_of(year) - timedelta(days=1)


def dragon_boat_of(year: int) -> date:
    """Give the Dragon Boat Festival (端午): the fifth of the fifth month."""
    return _lunar(year, 5, 5)


def mid_autumn_of(year: int) -> date:
    """Give the Mid-Autumn Festival (中秋): the fifteenth of the eighth month."""
    return _lunar(year, 8, 15)


@lru_cache(maxsize=256)
def tomb_sweeping_of(year: int) -> date:
    """Give Tomb-Sweeping Day (清明): a solar term, 4 to 6 April."""
    solar = Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


# The library takes milliseconds for a date, and is asked for the same few.
@lru_cache(maxsize=256)
def _lunar(year: int, month: int, day: int) -> date:
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
