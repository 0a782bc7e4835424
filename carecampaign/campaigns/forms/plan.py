"""Input of a plan: what it is about, its target groups and quotas, and what to change in it."""

from collections.abc import Iterable
from functools import partial

from wtforms import DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.campaigns.forms.common import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_NAME,
    Named,
    RevisionField,
    named,
    within_reason,
)
from carecampaign.campaigns.forms.grid import GridField
from carecampaign.campaigns.models import Season
from carecampaign.core.babel import in_language
from carecampaign.core.forms import (
    CommandForm,
    Form,
    LineText,
    Paragraphs,
    YuanField,
    bounded_id,
)
from carecampaign.core.i18n import _l, choices

LONGEST_TEXT = 5000


class CampaignForm(Form):
    """What a campaign is about; ``revision`` is the one of the plan this page shows."""

    revision = RevisionField()
    name = LineText(_l("Campaign name"), [InputRequired(), Length(max=LONGEST_NAME)])
    season = SelectField(_l("Season"), [InputRequired()], choices=partial(choices, Season))
    starts_on = DateField(_l("First day"), [InputRequired(), within_reason])
    ends_on = DateField(_l("Last day"), [InputRequired(), within_reason])
    year = IntegerField(
        _l("Campaign year"),
        [Optional(), NumberRange(min=FIRST_YEAR, max=LAST_YEAR)],
        description=_l("Left empty: the year of the Spring Festival the period leads to."),
    )
    standard_per_head = YuanField(
        _l("Care standard per head"), [Optional()], description=_l("Planned value for one person.")
    )
    target_as_worded = LineText(
        _l("Whom it is for, as worded"),
        [Length(max=200)],
        description=_l("For example “over a thousand couriers and delivery riders”."),
    )
    background = Paragraphs(_l("Background and purpose"), [Length(max=LONGEST_TEXT)])


class NewCampaignForm(CampaignForm, CommandForm):
    organizer_id = SelectField(
        _l("Organizer"),
        [InputRequired()],
        coerce=bounded_id,
        description=_l("Who organizes the campaign cannot be changed later."),
    )

    def __init__(self, *, organizers: Iterable[Named], **values: object) -> None:
        super().__init__(**values)
        self.organizer_id.choices = named(organizers)


class OccupationsField(SelectMultipleField):
    """Occupations as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GroupForm(Form):
    name = LineText(_l("Name (Chinese)"), [InputRequired(), Length(max=LONGEST_NAME)])
    name_en = LineText(_l("Name (English)"), [Length(max=LONGEST_NAME)])
    occupation_ids = OccupationsField(
        _l("Occupations"),
        coerce=bounded_id,
        description=_l("An occupation counts in one target group of a campaign."),
    )

    def __init__(
        self, *, occupations: Iterable[Named], taken: dict[int, str], **values: object
    ) -> None:
        super().__init__(**values)
        self.occupation_ids.choices = [
            SelectChoice(
                occupation.id,
                _l(
                    "%(occupation)s (counts in “%(group)s”)",
                    occupation=in_language(occupation),
                    group=taken[occupation.id],
                )
                if occupation.id in taken
                else in_language(occupation),
            )
            for occupation in occupations
        ]


class QuotaForm(Form):
    revision = RevisionField()
    planned = GridField(_l("Quotas"))


class ReturnForm(Form):
    comment = Paragraphs(_l("What is to be changed"), [InputRequired(), Length(max=1000)])
