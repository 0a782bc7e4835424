"""Count what two entries of one person got as one person's; the log stays as it is (law 4)."""

from typing import Any

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.distributions.models import Served

# Through the campaigns, which are few: an index begins with them.
_CAMPAIGNS = Served.campaign_id.in_(select(Campaign.id))


def fold_served(gone_id: int, kept_id: int) -> None:
    """Count for ``kept_id`` what ``gone_id`` was served.

    Both persons have to be held, so that nothing is given to them, or taken back, meanwhile.
    """
    make: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    gone = (Served.person_id == gone_id, _CAMPAIGNS)
    columns = ("event_id", "person_id", "campaign_id", "unit_id", "times")
    theirs = (
        select(Served.event_id, literal(kept_id), Served.campaign_id, Served.unit_id, Served.times)
        .where(*gone)
        .order_by(Served.event_id)
    )
    fold = make(Served).from_select(columns, theirs)
    fold = fold.on_conflict_do_update(
        index_elements=["event_id", "person_id"],
        set_={"times": Served.times + fold.excluded.times},
    )
    db.session.execute(fold)
    db.session.execute(delete(Served).where(*gone))
