"""How little of a row the ledger needs to know."""

from typing import Protocol


class Place(Protocol):
    """A stock location, or as little of one as moving stock needs: no tap loads whole rows."""

    @property
    def id(self) -> int: ...


class Thing(Protocol):
    """An item, or as little of one as moving stock needs."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
