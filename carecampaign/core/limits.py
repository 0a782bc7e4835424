"""Bounds that forms, URLs and the database agree on."""

from datetime import date

LARGEST_ID = 2**63 - 1
"""What both databases hold in an id."""

LARGEST_QUANTITY = 10_000_000
"""Pieces on one line of a form: above any real delivery, far below 63 bits."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""Days of this system: any other is a slip of the pen."""
