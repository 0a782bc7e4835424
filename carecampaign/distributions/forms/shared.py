"""What the forms of this area have in common."""

from collections.abc import Iterable
from typing import Any, Protocol

from wtforms import IntegerField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from carecampaign.core.i18n import Labelled, _l, choices
from carecampaign.core.limits import LARGEST_QUANTITY


class Choice(Protocol):
    """Anything with an id and a name."""

    id: Any
    name: Any


NOTHING = SelectChoice("", "—")
EVERYTHING = SelectChoice("", _l("All"))


def options(rows: Iterable[Choice]) -> list[SelectChoice]:
    return [SelectChoice(row.id, row.name) for row in rows]


def labels(kind: type[Labelled]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in choices(kind)]


def pieces(label: object, **options: Any) -> IntegerField:  # noqa: ANN401 - passed on
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(min=0, max=LARGEST_QUANTITY)],
        render_kw={"inputmode": "numeric", "min": 0, "max": LARGEST_QUANTITY},
        **options,
    )
