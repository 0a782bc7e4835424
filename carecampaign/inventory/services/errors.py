"""What can be wrong with moving stock, in words for the screen."""

from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.inventory.services.things import Thing


class NotEnoughStock(DomainError):
    """There are fewer pieces than were asked for; ``on_hand`` says how many."""

    field = "quantity"

    def __init__(self, item: Thing, on_hand: int) -> None:
        super().__init__(
            _l(
                "Not enough stock: only %(on_hand)s of %(item)s left here.",
                on_hand=on_hand,
                item=item.name,
            )
        )
        self.item = item
        self.on_hand = on_hand


class NothingToMove(DomainError):
    """No line at all, or one without a positive quantity."""

    field = "lines"

    def __init__(self) -> None:
        super().__init__(_l("Enter at least one item, each with a quantity of one or more."))


class ValueOutOfBounds(DomainError):
    """A value below nothing, or beyond any union's budget."""

    field = "unit_value"

    def __init__(self) -> None:
        super().__init__(_l("This value is out of bounds."))


class SamePlace(DomainError):
    """Stock was to move from a place to itself."""

    field = "target"

    def __init__(self) -> None:
        super().__init__(_l("Choose another place than the one the stock comes from."))


class NameTaken(DomainError):
    """The organisation has a place of this name already."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("There is a place of this name already."))


class NotAllocatable(DomainError):
    """Pieces turned up of which no lot was ever received, so nobody knows what they are worth."""

    field = "quantity"

    def __init__(self, item: Thing) -> None:
        super().__init__(
            _l(
                "No batch of %(item)s was ever received. Record a goods-received note instead.",
                item=item.name,
            )
        )


class ReasonNeeded(DomainError):
    """Something is missing and nobody said why."""

    field = "reason"

    def __init__(self, item: Thing) -> None:
        super().__init__(_l("Say why fewer of %(item)s arrived than were sent.", item=item.name))


class MoreThanSent(DomainError):
    """A count of what arrived that is below nothing or above what was sent."""

    field = "received"

    def __init__(self, item: Thing, sent: int) -> None:
        super().__init__(
            _l(
                "Between 0 and %(sent)s of %(item)s can have arrived.",
                sent=sent,
                item=item.name,
            )
        )


class NotInTransit(Conflict):
    """The transfer arrived before, or was reversed."""

    def __init__(self) -> None:
        super().__init__(_l("This transfer is not in transit any more."))


class AlreadyReversed(Conflict):
    """It was reversed before; a thing is reversed once."""

    def __init__(self) -> None:
        super().__init__(_l("This was already reversed."))


class NotReversible(Conflict):
    """A reversal, or a transfer that arrived: what is wrong with it is put right otherwise."""

    def __init__(self) -> None:
        super().__init__(
            _l("This document cannot be reversed. Return what arrived, or record a difference.")
        )
