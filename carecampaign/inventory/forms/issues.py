"""Input of goods-issue notes."""

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.validators import DataRequired, Length

from carecampaign.core.forms import LineText, Paragraphs, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import Choices, with_empty
from carecampaign.inventory.forms.lines import Holding, ItemRowsForm, item_rows


class IssueForm(ItemRowsForm):
    """A goods-issue note (DOMAIN.md section 1, 出库单)."""

    counterpart = LineText(
        _l("Receiving unit or person"),
        [DataRequired(), Length(max=100)],
        description=_l("Somebody who keeps no stock here. A station or unit gets a transfer."),
    )
    receiver = LineText(_l("Signed for by"), [DataRequired(), Length(max=60)])
    purpose = LineText(_l("Purpose"), [DataRequired(), Length(max=200)])
    campaign = SelectField(_l("For the campaign"), coerce=optional_id, default="")
    note = Paragraphs(_l("Note"), [Length(max=1000)])

    def __init__(
        self, *, campaigns: Choices, holdings: Iterable[Holding], **values: object
    ) -> None:
        super().__init__(**values)
        self.rows = item_rows(holdings)
        self.campaign.choices = with_empty(_("None in particular"), campaigns)
