"""Add everything up again and name what differs.

Each check is one statement, so that it sees both sides at one moment while people work. What
the database itself makes impossible (two reversals of one movement, a number given out twice,
stock below zero) is not looked for.
"""

from collections.abc import Callable, Iterator

from carecampaign.inventory.services.verification import (
    balances,
    contents,
    documents,
    lots,
    movements,
    numbers,
)

Check = Callable[[], Iterator[str]]

_checks: list[Check] = [
    balances.levels_are_their_lots,
    balances.balances_are_their_movements,
    lots.reserved_is_what_holders_reserve,
    lots.shares_are_the_value,
    contents.contents_are_the_bill,
    contents.contents_are_the_value,
    movements.values_are_those_of_the_lots,
    movements.reversals_mirror,
    movements.settlement_nets_to_nothing,
    documents.assemblies_keep_value,
    documents.assemblies_keep_contents,
    documents.transit_is_what_is_under_way,
    documents.arrivals_are_what_lines_say,
    documents.reversed_documents_are_reversed_wholly,
    numbers.numbers_have_no_gaps,
    numbers.forms_became_their_documents,
]
_registered: list[Check] = []


def register_check(check: Check) -> Check:
    """Let ``flask inventory verify`` run a check of an area that builds on the ledger.

    A check gives the differences it finds, in words. Areas register theirs once, on import.
    """
    _registered.append(check)
    return check


def verify() -> list[str]:
    """Give every difference inside the ledger, in words; none is a ledger that adds up."""
    return [difference for check in _checks for difference in check()]


def verify_everything() -> list[str]:
    """Give the differences inside the ledger and those that registered checks find."""
    return [*verify(), *(difference for check in _registered for difference in check())]
