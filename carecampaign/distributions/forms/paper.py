"""Input of a sheet of paper that was written on at an event."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, SelectField, TimeField
from wtforms.validators import InputRequired, Length

from carecampaign.core import clock
from carecampaign.core.babel import in_language
from carecampaign.core.forms import CommandForm, LineText, bounded_id
from carecampaign.core.i18n import _l
from carecampaign.distributions.forms.shared import options, pieces


class PaperForm(CommandForm):
    """What stands on the sheet, and its photo. A field for each group is added."""

    item_id = SelectField(_l("What"), [InputRequired()], coerce=bounded_id)
    day = DateField(_l("Day"), [InputRequired(_l("Enter the day."))])
    hour = TimeField(_l("Hour"), [InputRequired(_l("Enter about when."))])
    photo = FileField(
        _l("Photo of the signed sheet"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "JPEG, PNG, WebP or PDF. Time and place that the camera noted in it are removed."
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp,application/pdf"},
    )
    note = LineText(_l("Note"), [Length(max=200)])

    @property
    def written_at(self) -> datetime:
        """The instant (UTC) that was entered."""
        day, hour = self.day.data or clock.today(), self.hour.data or time.min
        return datetime.combine(day, hour, tzinfo=clock.ZONE)

    @property
    def counts(self) -> dict[int, int]:
        """People served, by group."""
        fields = ((name.partition("_")[2], field) for name, field in self._fields.items())
        return {
            int(group): field.data or 0
            for group, field in fields
            if isinstance(field, IntegerField)
        }


def paper_form(groups: Iterable[Any], things: Iterable[Any]) -> type[PaperForm]:
    """Make the form of an event: one figure for each group of its campaign."""
    choices = options(things)
    figures = {f"people_{group.id}": pieces(in_language(group), default=None) for group in groups}

    class OfEvent(PaperForm):
        def __init__(self, **values: Any) -> None:  # noqa: ANN401 - as WTForms has it
            super().__init__(**values)
            self.item_id.choices = choices

    for name, field in figures.items():
        setattr(OfEvent, name, field)
    return OfEvent
