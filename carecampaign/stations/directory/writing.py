"""How values are written: as cells that can be read again."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from carecampaign.core.babel import is_chinese
from carecampaign.core.i18n import Labelled, _
from carecampaign.core.imports import Column
from carecampaign.core.sheets import Cell
from carecampaign.stations.directory.cells import SQUARE_DECIMETRES, Values
from carecampaign.stations.models import Feature
from carecampaign.stations.opening import Rules, write


def cells_of(
    values: Values, columns: Sequence[Column], owners: Mapping[int, tuple[str, str]]
) -> list[Cell]:
    """Write a row in the language spoken; ``owners`` are names and paths by id."""
    known = values | {
        "owner_id": owners[values["owner_id"]][0],
        "area_square_decimetres": _square_metres(values["area_square_decimetres"]),
    }
    return [_cell(known[column.key]) for column in columns]


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Labelled):
        return str(value.label)
    if isinstance(value, Rules):
        return write(value, "zh" if is_chinese() else "en")
    if isinstance(value, frozenset):
        in_order = (feature for feature in Feature if feature in value)
        return _(", ").join(str(feature.label) for feature in in_order)
    if isinstance(value, str | int | float | date):
        return value
    return None


def _square_metres(area: int | None) -> Cell:
    return None if area is None else float(Decimal(area) / SQUARE_DECIMETRES)
