"""What stands above the lines of a goods-received note that came as a table."""

from collections.abc import Mapping

from wtforms import DateField
from wtforms.fields.choices import SelectChoice

from carecampaign.core.forms import CommandForm
from carecampaign.core.i18n import _
from carecampaign.inventory.forms.filters import Choices, with_empty
from carecampaign.inventory.forms.receipts import ReceiptForm


class ReceiptHeadForm(CommandForm):
    """The fields of a goods-received note but for its lines."""

    target = ReceiptForm.target
    origin = ReceiptForm.origin
    counterpart = ReceiptForm.counterpart
    fund_source = ReceiptForm.fund_source
    earmark = ReceiptForm.earmark
    dated_on = ReceiptForm.dated_on
    invoice_number = ReceiptForm.invoice_number
    campaign = ReceiptForm.campaign
    inspection = ReceiptForm.inspection
    delivered_by = ReceiptForm.delivered_by
    inspected_by = ReceiptForm.inspected_by
    note = ReceiptForm.note

    def __init__(
        self,
        *,
        targets: Choices,
        fund_sources: Choices,
        earmarks: Mapping[str, Choices],
        campaigns: Choices,
        **values: object,
    ) -> None:
        super().__init__(**values)
        self.target.choices = [SelectChoice(*pair) for pair in targets]
        self.fund_source.choices = [SelectChoice(*pair) for pair in fund_sources]
        self.earmark.choices = [
            *with_empty(_("None: for the general use of its source"), []),
            *(
                SelectChoice(*pair, optgroup=source)
                for source, pairs in earmarks.items()
                for pair in pairs
            ),
        ]
        self.campaign.choices = with_empty(_("None in particular"), campaigns)

    def validate_dated_on(self, field: DateField) -> None:
        """Refuse what has not come yet."""
        ReceiptForm.validate_dated_on(self, field)
