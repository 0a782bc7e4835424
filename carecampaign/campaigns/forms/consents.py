"""Input of notices and consents. There is no place in them for an ID photo or for health."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.campaigns.forms.common import RevisionField
from carecampaign.campaigns.models import SEPARATE, ConsentMeans, LegalBasis
from carecampaign.campaigns.notices import TO_FILL_IN
from carecampaign.core.forms import Form, Paragraphs
from carecampaign.core.i18n import _l, choices

LONGEST_NOTICE = 5000


def filled_in(_form: Form, field: Paragraphs) -> None:
    """Refuse a notice that does not say whom to ask."""
    if TO_FILL_IN in (field.data or ""):
        raise ValidationError(_l("Fill in what is still blank (____): whom to ask, and where."))


class NoticeForm(Form):
    """What a campaign tells people; ``number`` is the version this page was made from."""

    number = RevisionField()
    legal_basis = SelectField(
        _l("Legal basis"),
        [InputRequired()],
        choices=partial(choices, LegalBasis),
        default=LegalBasis.CONSENT.value,
        description=_l("On what ground the campaign handles personal data."),
    )
    asks = SelectMultipleField(
        _l("Asks for separate consents to"),
        choices=[SelectChoice(kind.value, kind.label) for kind in SEPARATE],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Anybody may refuse one and still receive."),
    )
    body = Paragraphs(
        _l("Text"),
        [InputRequired(), Length(max=LONGEST_NOTICE), filled_in],
        render_kw={"rows": 20},
    )


class ConsentForm(Form):
    """That somebody was told and agreed, and to what besides."""

    kinds = SelectMultipleField(
        _l("Agrees besides to"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    means = RadioField(
        _l("How it is known"),
        choices=partial(choices, ConsentMeans),
        default=ConsentMeans.ON_PAPER.value,
        validators=[InputRequired()],
    )
    given_on = DateField(_l("Given on"), [InputRequired()])

    def __init__(self, *, asked: Iterable[SelectChoice], today: date) -> None:
        super().__init__(data={"given_on": today})
        self.kinds.choices = [*asked]
        if not self.kinds.choices:
            del self.kinds

    @property
    def ticked(self) -> list[str]:
        """What was agreed to separately, by its value."""
        return list(self.kinds.data or ()) if "kinds" in self else []
