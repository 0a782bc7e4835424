"""The directory from a table: what it would change, and doing so, all of it or nothing."""

from carecampaign.stations.services.directory.importing import (
    MOST_ROWS,
    PURPOSE,
    Ready,
    count_rows,
    import_ready,
    in_a_sentence,
    make_ready,
    read_directory,
)
from carecampaign.stations.services.directory.planning import Addition, Change, Plan, plan_import

__all__ = [
    "MOST_ROWS",
    "PURPOSE",
    "Addition",
    "Change",
    "Plan",
    "Ready",
    "count_rows",
    "import_ready",
    "in_a_sentence",
    "make_ready",
    "plan_import",
    "read_directory",
]
