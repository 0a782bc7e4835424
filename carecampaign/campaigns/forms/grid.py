"""A field of whole numbers in rows and columns, and of one to fill each column with."""

from collections.abc import Mapping, Sequence

from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from carecampaign.core.i18n import _l
from carecampaign.core.limits import LARGEST_QUANTITY

Cell = tuple[int, int]
LONGEST_NUMBER = len(str(LARGEST_QUANTITY))
LONGEST_TEXT = 40


class GridField(Field):
    """Numbers by (row id, column id); an empty cell is zero.

    After ``spread`` ``data`` holds every cell; what is typed wrongly stays as it was typed
    (``texts``, by name of the input) and is blamed at its cell (``faults``). A number in a
    column's ``fill`` goes into its empty cells. Other cells of a request are not looked at.
    """

    widget = None

    def __init__(self, label: object = None, validators: object = None, **options: object) -> None:
        super().__init__(label, validators, **options)
        self.columns: Sequence[int] = ()
        self.data: dict[Cell, int] = {}
        self.texts: dict[str, str] = {}
        self.faults: dict[str, object] = {}

    def spread(
        self, rows: Sequence[int], columns: Sequence[int], cells: Mapping[Cell, int]
    ) -> None:
        """Say which cells there are and what stands in them, where the request says nothing."""
        self.columns = columns
        fills = {column: self._read(self.fill_name_of(column)) or 0 for column in columns}
        for cell in ((row, column) for row in rows for column in columns):
            name = self.name_of(*cell)
            typed = self._read(name)
            if typed is None:
                typed = cells.get(cell, 0)
                self.texts[name] = str(typed) if typed else ""
            elif not self.texts[name]:
                typed = fills[cell[1]]
            self.data[cell] = typed

    def name_of(self, row: int, column: int) -> str:
        """Give the name of the input of a cell."""
        return f"{self.name}-{row}-{column}"

    def fill_name_of(self, column: int) -> str:
        """Give the name of the input that fills the empty cells of a column."""
        return f"{self.name}-fill-{column}"

    def process(
        self,
        formdata: Mapping[str, object] | None,
        data: object = unset_value,
        extra_filters: object = None,
    ) -> None:
        """Keep the request for ``spread``: only then it is known which cells there are."""
        del data, extra_filters
        self.process_errors: list[object] = []
        self._sent: Mapping[str, object] = formdata or {}

    def pre_validate(self, form: object) -> None:
        """Refuse the whole grid while a cell cannot be read."""
        del form
        if self.faults:
            raise ValidationError(_l("Some numbers cannot be read: see the marked cells."))

    def _read(self, name: str) -> int | None:
        """Read an input: None when it was not sent, zero when it is empty or no number."""
        if name not in self._sent:
            return None
        text = " ".join(str(self._sent.get(name)).replace("\0", " ").split())[:LONGEST_TEXT]
        self.texts[name] = text
        digits = text.replace(",", "")
        if not digits:
            return 0
        if (
            not digits.isdecimal()
            or len(digits) > LONGEST_NUMBER
            or int(digits) > LARGEST_QUANTITY
        ):
            self.faults[name] = _l("Enter a whole number from 0 to 10,000,000.")
            return 0
        return int(digits)
