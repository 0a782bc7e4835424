"""The plain model that the ledger is held against: a few dictionaries and no database."""

from collections import Counter, defaultdict

from carecampaign.inventory.services import Holder

Key = tuple[str, str]
"""The names of a place and of an item."""


class Model:
    """What is on the books, what people were given, and what is kept for whom.

    ``books`` counts pieces per place and item (on hand + unexplained), ``given`` what
    recipients have, ``told`` who lost how much of what was kept for them.
    """

    def __init__(self) -> None:
        self.books: Counter[Key] = Counter()
        self.given: Counter[str] = Counter()
        self.kept: defaultdict[Key, dict[Holder, int]] = defaultdict(dict)
        self.told: Counter[Holder] = Counter()

    def reserved(self, key: Key, *, but_for: Holder | None = None) -> int:
        """Count what is kept for anybody but one."""
        return sum(pieces for holder, pieces in self.kept[key].items() if holder != but_for)

    def reserve(self, key: Key, holder: Holder, pieces: int) -> None:
        """Keep more for a holder, who does not lose its turn."""
        self.kept[key][holder] = self.kept[key].get(holder, 0) + pieces

    def let_go(self, key: Key, holder: Holder, pieces: int) -> None:
        """Keep fewer for a holder."""
        left = self.kept[key].get(holder, 0) - pieces
        if left > 0:
            self.kept[key][holder] = left
        else:
            self.kept[key].pop(holder, None)

    def shrink(self, key: Key, on_hand: int) -> None:
        """Let the latest go first until no more is kept than is there."""
        for holder in reversed([*self.kept[key]]):
            lost = min(self.kept[key][holder], self.reserved(key) - on_hand)
            if lost > 0:
                self.let_go(key, holder, lost)
                self.told[holder] += lost
