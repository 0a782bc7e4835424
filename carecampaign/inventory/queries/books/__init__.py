"""The books of the stock: every figure is added up from movements, none is kept."""

from carecampaign.inventory.queries.books.balances import balances_before, places_of
from carecampaign.inventory.queries.books.days import STOCK_ON_DAY, day_rows, stock_on
from carecampaign.inventory.queries.books.expiry import EXPIRY, expiring, expiry_rows
from carecampaign.inventory.queries.books.funds import VALUE_BY_FUND, fund_rows, value_by_fund
from carecampaign.inventory.queries.books.ledgers import (
    LEDGER,
    items_ever_at,
    ledger_of,
    ledger_rows,
)
from carecampaign.inventory.queries.books.months import (
    MonthRow,
    MonthSheet,
    Period,
    Side,
    month_sheet,
    period_of,
)

__all__ = [
    "EXPIRY",
    "LEDGER",
    "STOCK_ON_DAY",
    "VALUE_BY_FUND",
    "MonthRow",
    "MonthSheet",
    "Period",
    "Side",
    "balances_before",
    "day_rows",
    "expiring",
    "expiry_rows",
    "fund_rows",
    "items_ever_at",
    "ledger_of",
    "ledger_rows",
    "month_sheet",
    "period_of",
    "places_of",
    "stock_on",
    "value_by_fund",
]
