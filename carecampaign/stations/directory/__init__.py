"""The whole directory as one table: its columns, how their cells are read and written.

A row is a mapping from the keys of the columns to values. Most keys are columns of
``Station``; ``opening`` is Rules, ``facilities`` and ``services`` are sets of features, and a
map is False (not listed), True (listed) or the date since when. Nothing here reads a database.
"""

from carecampaign.stations.directory.checking import check_rows
from carecampaign.stations.directory.columns import columns_for
from carecampaign.stations.directory.writing import cells_of

__all__ = ["cells_of", "check_rows", "columns_for"]
