"""What can be wrong with moving stock, in words for the screen."""

from collections.abc import Sequence

from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.inventory.services.things import Thing


class NotEnoughStock(DomainError):
    """Fewer pieces may go than were asked for; ``on_hand`` says how many.

    ``reserved`` more are there, but kept for others.
    """

    field = "quantity"

    def __init__(self, item: Thing, on_hand: int, *, reserved: int = 0) -> None:
        words = (
            _l(
                "Not enough stock: only %(on_hand)s of %(item)s are free here,"
                " %(reserved)s are reserved.",
                on_hand=on_hand,
                item=item.name,
                reserved=reserved,
            )
            if reserved
            else _l(
                "Not enough stock: only %(on_hand)s of %(item)s left here.",
                on_hand=on_hand,
                item=item.name,
            )
        )
        super().__init__(words)
        self.item = item
        self.on_hand = on_hand


class EarmarkBreach(DomainError):
    """There are enough pieces, but too few whose earmark allows this use (专款专用)."""

    field = "quantity"

    def __init__(self, item: Thing, allowed: int, earmarks: Sequence[str]) -> None:
        super().__init__(
            _l(
                "Only %(allowed)s of %(item)s may be used for this; the others are earmarked for"
                " a purpose of their own: %(earmarks)s.",
                allowed=allowed,
                item=item.name,
                earmarks=", ".join(earmarks),
            )
        )
        self.item = item
        self.allowed = allowed


class EarmarkOfAnotherSource(DomainError):
    """An earmark was named that belongs to another fund source than the goods."""

    field = "earmark"

    def __init__(self) -> None:
        super().__init__(_l("This earmark belongs to another fund source."))


class NothingToMove(DomainError):
    """No line at all, or one without a positive quantity."""

    field = "lines"

    def __init__(self) -> None:
        super().__init__(_l("Enter at least one item, each with a quantity of one or more."))


class NotASubstitute(DomainError):
    """What was to go into packages cannot stand for what ran out."""

    field = "substitute"

    def __init__(self) -> None:
        super().__init__(_l("Put in another item than the list says; it is no care package."))


class SubstituteUnexplained(DomainError):
    """Something else goes into packages than their list says, and nobody said why."""

    field = "substitute_note"

    def __init__(self) -> None:
        super().__init__(_l("Say why another item is put in."))


class MoreThanPutTogether(DomainError):
    """A substitute was to go into more packages than are put together, or into none."""

    field = "substituted"

    def __init__(self, most: int) -> None:
        super().__init__(_l("It can go into 1 to %(most)s of the packages.", most=most))


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
