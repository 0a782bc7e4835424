"""What the forms of this area share."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from wtforms import Field, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from carecampaign.core.forms import Form
from carecampaign.core.i18n import _l

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NAME = 100


class Named(Protocol):
    """Anything with an id and a name; forms know no database."""

    id: Any
    name: Any


def within_reason(_form: Form, field: Field) -> None:
    """Refuse a day that no campaign of this system can have."""
    if field.data is not None and not date(FIRST_YEAR, 1, 1) <= field.data <= date(
        LAST_YEAR, 12, 31
    ):
        raise ValidationError(_l("Enter a day from 2000 to 2100."))


def named(rows: Iterable[Named]) -> list[SelectChoice]:
    """Give rows as choices."""
    return [SelectChoice(row.id, row.name) for row in rows]


class RevisionField(HiddenField):
    """The revision a page was made from; what is no number counts as an old one."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]) if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004
