"""Lists that imported persons may be put on, besides the register: a higher area keeps them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.contacts import Numbers
from carecampaign.organizations.models import Organization


class PersonLists(Protocol):
    """Lists of persons, one for each of something; ``key`` is what it is known by up there."""

    def choices_for(self, actor: Actor) -> list[tuple[int, str]]:
        """Give the lists the actor may put somebody on: key and name."""
        ...

    def find(self, text: str) -> int:
        """Give the key of the list of exactly this name. Raises NotFound."""
        ...

    def check(self, key: int, unit: Organization, *, by: Actor) -> str:
        """Make sure that persons of a unit may be put on a list, and give its name.

        Raises DomainError, NotFound for a list that is not the actor's to see.
        """
        ...

    def put(self, key: int, unit: Organization, person_ids: Sequence[int], *, by: Actor) -> str:
        """Put persons on a list for a unit, and say so in a sentence. Raises what check raises."""
        ...


_known: list[PersonLists] = []


def use_lists(lists: PersonLists) -> None:
    """Say, while the application is put together, which lists there are."""
    _known[:] = [lists]


def person_lists() -> PersonLists:
    """Give the lists; an IndexError means that the application was not put together."""
    return _known[-1]


DaysServed = Callable[[int, Sequence[Numbers]], list[date | None]]
"""Says when those on a list, by its key, were last given something; None for who was not."""

_days_served: list[DaysServed] = []


def use_days_served(days_served: DaysServed) -> None:
    """Say, while the application is put together, who knows when people were served."""
    _days_served[:] = [days_served]


def days_served(key: int, people: Sequence[Numbers]) -> list[date | None]:
    """Say when each of some people was last served for a list; see ``person_lists``."""
    return _days_served[-1](key, people)
