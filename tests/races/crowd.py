"""Many people at once: real threads, each with a session of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from carecampaign.core.db import Model, db
from carecampaign.core.errors import DomainError


def all_at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every act on a thread of its own, started together; give results and errors.

    A broken rule of the domain is a result like any other; whatever else goes wrong is
    given too, so that a test sees it.
    """
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                results[place] = act()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: Sequence[Any], error: type[DomainError]) -> int:
    """Count the results that are this error."""
    return sum(isinstance(result, error) for result in results)


class Ours:
    """A row that everybody uses, each in a session of their own: ``ours()`` fetches it."""

    def __init__(self, row: Model) -> None:
        self._kind, self._id = type(row), row.id

    def __call__(self) -> Any:
        return db.session.get_one(self._kind, self._id)
