"""Fields of their own kind: opening hours, an area, degrees, a phone."""

import re
from decimal import Decimal
from typing import Any

from wtforms import Field
from wtforms.validators import Length, Optional, Regexp
from wtforms.widgets import TextInput

from carecampaign.core.babel import is_chinese
from carecampaign.core.forms import LineText, Paragraphs
from carecampaign.core.i18n import _, _l
from carecampaign.stations.opening import OpeningError, Rules, parse, write

LONGEST_RULES = 1000
SQUARE_DECIMETRES = 100
"""In a square metre."""
LARGEST_AREA = 10_000
"""Square metres: above any station."""
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?")


class OpeningField(Paragraphs):
    """Opening hours in the notation of ``stations.opening``; ``data`` is Rules."""

    data: Any

    def process_data(self, value: Rules | None) -> None:
        self.data = value or Rules()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return write(self.data, "zh" if is_chinese() else "en").replace("；", "；\n")

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        text, self.data = self.data, Rules()
        if len(text) > LONGEST_RULES:
            raise ValueError(_("Write the opening hours shorter: 1,000 characters at most."))
        try:
            self.data = parse(text)
        except OpeningError as error:
            raise ValueError(str(error)) from error


class DecimalText(Field):
    """A plain decimal number, no exponents, no signs; ``data`` is a Decimal or None."""

    widget = TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"

    def process_data(self, value: float | None) -> None:
        self.data = None if value is None else Decimal(str(value))

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if _NUMBER.fullmatch(text) is None:
            raise ValueError(_("Enter a number such as 12.5."))
        self.data = Decimal(text)


class AreaField(DecimalText):
    """An area typed in square metres; ``data`` is square decimetres (int) or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / SQUARE_DECIMETRES:f}"

    def process_data(self, value: float | None) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is None:
            return
        area, self.data = self.data * SQUARE_DECIMETRES, None
        if area != int(area) or not 0 < area <= LARGEST_AREA * SQUARE_DECIMETRES:
            raise ValueError(_("Enter square metres up to 10,000, with two decimals at most."))
        self.data = int(area)


def phone(label: object, description: object = "") -> LineText:
    """Make a field for a phone number, extension included."""
    return LineText(
        label,
        [
            Optional(),
            Length(max=30),
            Regexp(
                r"^[0-9+()（） \-转]{3,}$",
                message=_l("A phone number has digits, spaces, hyphens and brackets only."),
            ),
        ],
        description=description,
    )
