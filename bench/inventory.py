"""A stock ledger of a thousand or a million movements: adding it up again, and its pages."""

import time
from dataclasses import dataclass

from bench.ledger import make_app, seed_ledger
from bench.pages import Comparison, Cost, cost, gather_statistics, signed_in
from carecampaign.core.db import db
from carecampaign.inventory.services.verification import verify

SIZES = (1_000, 1_000_000)
MOST_RATIO = 1.5
MOST_SECONDS = 5.0
"""To add a million movements up again on SQLite."""

PAGES = {
    "stock": "/inventory",
    "stock documents": "/inventory/documents",
    "stock movements": "/inventory/movements",
}


@dataclass(frozen=True)
class Ledger:
    """What a ledger of one size costs: adding it up in seconds, and its pages."""

    seconds: float
    pages: dict[str, Cost]


def measure(url: str, movements: int) -> Ledger:
    """Fill the empty database at this URL, add it up and time its pages in this process.

    Exits when the generated ledger does not add up.
    """
    app = make_app(url)
    client = signed_in(app, seed_ledger(app, movements))
    with app.app_context():
        engine = db.engine
        gather_statistics(engine)
        seconds = _add_up()
        db.session.remove()
    # Outside of any context, so that each request has its own, and a session of its own.
    pages = {name: cost(client, engine, path) for name, path in PAGES.items()}
    engine.dispose()
    return Ledger(seconds, pages)


def compare(small: Ledger, large: Ledger) -> list[Comparison]:
    """Put the costs of each page at both sizes side by side."""
    return [Comparison(page, small.pages[page], large.pages[page], MOST_RATIO) for page in PAGES]


def _add_up() -> float:
    begin = time.perf_counter()
    differences = verify()
    took = time.perf_counter() - begin
    if differences:
        raise SystemExit("\n".join(differences))
    return took
