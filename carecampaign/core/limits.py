"""Bounds that forms, URLs and the database agree on."""

LARGEST_ID = 2**63 - 1
"""What both databases hold in an id."""

LARGEST_QUANTITY = 10_000_000
"""Pieces on one line of a form: above any real delivery, far below 63 bits."""
