"""What the job consumer does every second: seal what waits."""

from carecampaign.audit import queries, services
from carecampaign.core.db import transaction


def seal_pending() -> int:
    """Seal everything that waits, batch by batch; give how many rows left the queue."""
    count = 0
    # Looking first spares the writer lock on SQLite while there is nothing to do.
    while queries.is_anything_pending():
        with transaction():
            count += services.seal_batch()
    return count
