"""What people type about events, their stock and their log."""

from carecampaign.distributions.forms.changes import CancelForm, MoveForm
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
from carecampaign.distributions.forms.plan import (
    MOST_ROWS,
    PlanForm,
    PlanGrid,
    names_in,
    plan_columns,
    typed_names,
)
from carecampaign.distributions.forms.repeat import DaysForm, RepeatForm
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
    "MOST_ROWS",
    "CancelForm",
    "CloseForm",
    "DaysForm",
    "EventFilterForm",
    "EventForm",
    "MoveForm",
    "NameSearchForm",
    "NewPersonForm",
    "PlanForm",
    "PlanGrid",
    "ReasonForm",
    "RepeatForm",
    "SettleForm",
    "SourceForm",
    "StockForm",
    "Supply",
    "TargetForm",
    "VoidForm",
    "close_form",
    "event_form",
    "names_in",
    "plan_columns",
    "stock_form",
    "typed_names",
]
