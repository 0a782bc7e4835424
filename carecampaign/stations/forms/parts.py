"""Input of what belongs to a station: status, members, partners, levels, photos."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Protocol

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from carecampaign.core.forms import CommandForm, Form, LineText, bounded_id, optional_id
from carecampaign.core.i18n import _, _l, choices
from carecampaign.stations.forms.facts import LONGEST_TEXT
from carecampaign.stations.forms.filters import stars_words
from carecampaign.stations.models import MOST_STARS, AwardLevel, PhotoKind, StationStatus

FIRST_YEAR, LAST_YEAR = 2000, 2199
LONGEST_CAPTION = 60


class Person(Protocol):
    """Somebody with an account."""

    id: Any
    name: Any
    username: Any


class StatusForm(Form):
    status = SelectField(_l("Status"), [InputRequired()], choices=partial(choices, StationStatus))
    reason = LineText(
        _l("Reason"),
        [Length(max=LONGEST_TEXT)],
        description=_l("Needed where the station closes; it is shown on the station's page."),
    )
    since = DateField(_l("From when"), [Optional()], description=_l("Left empty: today."))
    reopens_on = DateField(
        _l("Expected to open again on"),
        [Optional()],
        description=_l("For a station that is temporarily closed, where it is known."),
    )


class MemberForm(Form):
    user_id = SelectField(_l("Person"), [InputRequired()], coerce=optional_id)
    is_lead = BooleanField(
        _l("Leads the station"),
        description=_l("A lead opens and closes distribution events and receives goods."),
    )

    def __init__(self, *, people: Iterable[Person], **values: object) -> None:
        super().__init__(**values)
        self.user_id.choices = [
            SelectChoice("", _("Choose a person")),
            *(SelectChoice(one.id, f"{one.name} ({one.username})") for one in people),
        ]


class PartnerForm(Form):
    organization_id = SelectField(_l("Organization"), [InputRequired()], coerce=optional_id)

    def __init__(self, *, organizations: Sequence[tuple[int, str]], **values: object) -> None:
        super().__init__(**values)
        self.organization_id.choices = [
            SelectChoice("", _("Choose an organization")),
            *organizations,
        ]


def _year() -> IntegerField:
    return IntegerField(_l("Year"), [InputRequired(), NumberRange(min=FIRST_YEAR, max=LAST_YEAR)])


class RatingForm(CommandForm):
    """A star level; a downgrade is one more, and former ones stay."""

    year = _year()
    stars = SelectField(
        _l("Star level"),
        [InputRequired()],
        coerce=bounded_id,
        choices=lambda: [(str(stars), stars_words(stars)) for stars in range(MOST_STARS, -1, -1)],
    )
    note = LineText(
        _l("Note"),
        [Length(max=LONGEST_TEXT)],
        description=_l("For example the document, or the reason of a downgrade."),
    )


class AwardForm(Form):
    year = _year()
    level = SelectField(_l("Level"), [InputRequired()], choices=partial(choices, AwardLevel))


class PhotoWordsForm(Form):
    """What a photo shows."""

    kind = SelectField(_l("Shows"), [InputRequired()], choices=partial(choices, PhotoKind))
    caption = LineText(
        _l("Caption"),
        [Length(max=LONGEST_CAPTION)],
        description=_l("What is to be seen, in a few words; screen readers read it out."),
    )


class PhotoForm(PhotoWordsForm, CommandForm):
    photo = FileField(
        _l("Photo"),
        [FileRequired(_l("Choose a photo."))],
        description=_l(
            "JPEG, PNG or WebP. Time and place that the camera noted in it are removed."
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
