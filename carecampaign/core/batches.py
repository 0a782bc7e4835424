"""Many rows in few statements: both databases bound the number of parameters of one."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
BATCH = 500


def batches(things: Sequence[Thing], size: int = BATCH) -> Iterator[Sequence[Thing]]:
    """Cut a sequence into pieces of ``size``, the last one shorter; nothing gives nothing."""
    return (things[start : start + size] for start in range(0, len(things), size))
