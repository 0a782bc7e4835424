"""When a place is open: rules, the one notation union staff write them in, and what they say.

    周一至周五 9:00-12:00、13:30-17:30；周六 10:00-16:00；法定节假日 休息；春节 10:00-15:00
    Mon-Fri 9:00-17:00; Sat 10:00-16:00; Holidays closed; 2027-02-05 to 2027-02-12 closed

Days come first, their times after them; whatever stands between (commas, semicolons, line
ends) is all the same. Nothing here knows a database, or which days are holidays.
"""

from carecampaign.stations.opening.parsing import (
    GivenTwice,
    Incomplete,
    NoSuchTime,
    NotUnderstood,
    OpeningError,
    Overlap,
    parse,
)
from carecampaign.stations.opening.rules import (
    DAY,
    WEEK,
    WHOLE_DAY,
    WORKDAYS,
    Dated,
    OpeningDay,
    Rules,
    Span,
    Spans,
    is_within,
    minute_of,
)
from carecampaign.stations.opening.writing import write, write_spans

__all__ = [
    "DAY",
    "WEEK",
    "WHOLE_DAY",
    "WORKDAYS",
    "Dated",
    "GivenTwice",
    "Incomplete",
    "NoSuchTime",
    "NotUnderstood",
    "OpeningDay",
    "OpeningError",
    "Overlap",
    "Rules",
    "Span",
    "Spans",
    "is_within",
    "minute_of",
    "parse",
    "write",
    "write_spans",
]
