"""Whatever happens to stock, in whatever order, the ledger agrees with a plain model.

``make soak`` searches longer.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.counting import StockTakes
from tests.properties.forms import Requisitions, WriteOffs

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "200"))
"""How many histories are tried."""

STEPS = 50


class Store(Requisitions, WriteOffs, StockTakes):
    """Everything people do with stock, on the ledger and on paper."""


@pytest.mark.usefixtures("app")
def test_any_history_leaves_the_ledger_in_agreement():
    run_state_machine_as_test(
        Store,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
