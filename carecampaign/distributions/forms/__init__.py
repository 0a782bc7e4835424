"""What people type about events, their stock and their log."""

from carecampaign.distributions.forms.events import (
    EventFilterForm,
    EventForm,
    event_form,
)
from carecampaign.distributions.forms.log import (
    NameSearchForm,
    NewPersonForm,
    ReasonForm,
    SettleForm,
    VoidForm,
)
from carecampaign.distributions.forms.stock import (
    CloseForm,
    SourceForm,
    StockForm,
    Supply,
    TargetForm,
    close_form,
    stock_form,
)

__all__ = [
    "CloseForm",
    "EventFilterForm",
    "EventForm",
    "NameSearchForm",
    "NewPersonForm",
    "ReasonForm",
    "SettleForm",
    "SourceForm",
    "StockForm",
    "Supply",
    "TargetForm",
    "VoidForm",
    "close_form",
    "event_form",
    "stock_form",
]
