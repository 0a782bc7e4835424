"""The statements of the log, built once so that the database layer compiles them once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from carecampaign.audit.models import AuditPending
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.core.db import Base, db
from carecampaign.distributions.models import (
    CampaignDay,
    DistributionEvent,
    EventState,
    Handout,
    HandoutVoid,
    PhoneEntry,
    Received,
    Served,
    Tally,
)


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


received = _table(Received)
handout = _table(Handout)
void = _table(HandoutVoid)
tally = _table(Tally)
day = _table(CampaignDay)
served = _table(Served)
pending = _table(AuditPending)
phone_entry = _table(PhoneEntry)
event = _table(DistributionEvent)
campaign = _table(Campaign)

PerDatabase = Mapping[str, Insert]


def _per_database(build: Callable[[Any], Insert]) -> PerDatabase:
    """Build a statement that only the databases' own dialects know, once for each."""
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


def here(statement: PerDatabase) -> Insert:
    """Give a statement as this database speaks it."""
    return statement[db.engine.dialect.name]


def _named(table: Table, names: Sequence[str], *, prefix: str = "its") -> dict[str, Any]:
    """Give a table's columns → parameters; those of all statements are told apart by name."""
    return {name: bindparam(f"{prefix}_{name}", type_=table.c[name].type) for name in names}


def _remember(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
    remember: Insert = (
        make(received)
        .values(_named(received, received.c.keys(), prefix="heard"))
        .on_conflict_do_nothing(index_elements=[received.c.id])
        .returning(received.c.id)
    )
    return remember


REMEMBER = _per_database(_remember)

REMEMBER_NEW = (
    insert(received).values(_named(received, received.c.keys(), prefix="heard")).inline()
)
"""For messages that were looked up before; somebody else's at the same moment is an error."""

RECALL = select(
    received.c.digest, received.c.outcome, received.c.reason, received.c.recorded_at
).where(received.c.id == bindparam("wanted"))

AMEND = (
    update(received)
    .where(received.c.id == bindparam("wanted"))
    .values(outcome=bindparam("became"), reason=bindparam("because"))
)

STILL_OPEN = (
    select(event.c.id)
    .join(campaign, campaign.c.id == event.c.campaign_id)
    .where(
        event.c.id == bindparam("at_event"),
        event.c.state == EventState.OPEN,
        campaign.c.state != CampaignState.CLOSED,
    )
)

INSERT_HANDOUT = (
    insert(handout)
    .values(
        _named(
            handout,
            (
                "id",
                "event_id",
                "campaign_id",
                "unit_id",
                "group_id",
                "item_id",
                "person_id",
                "quantity",
                "head_count",
                "value",
                "note",
                "logged_by_id",
                "happened_at",
                "recorded_at",
                "is_synthetic",
            ),
        )
    )
    .inline()
)


def _add_up(
    table: Table, keys: Sequence[str], facts: Sequence[str], figures: Mapping[str, str]
) -> PerDatabase:
    """Build the upsert that adds ``figures`` (column → parameter) to the row of ``keys``."""

    def build(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
        added = {
            column: bindparam(parameter, type_=table.c[column].type)
            for column, parameter in figures.items()
        }
        new = make(table).values({**_named(table, [*keys, *facts]), **added})
        upsert: Insert = new.on_conflict_do_update(
            index_elements=[table.c[key] for key in keys],
            set_={column: table.c[column] + new.excluded[column] for column in figures},
        )
        return upsert

    return _per_database(build)


ADD_TO_TALLY = _add_up(
    tally,
    ("event_id", "day", "unit_id", "group_id", "item_id"),
    ("campaign_id",),
    {"person_times": "more_person_times", "quantity": "more_quantity", "value": "more_value"},
)

ADD_TO_DAY = _add_up(
    day,
    ("campaign_id", "day", "slot"),
    (),
    {
        "person_times": "more_person_times",
        "packages": "more_packages",
        "pieces": "more_pieces",
        "value": "more_value",
    },
)

ADD_TO_SERVED = _add_up(
    served,
    ("event_id", "person_id"),
    ("campaign_id", "unit_id"),
    {"times": "more_person_times"},
)

NOTE_FOR_SEALING = (
    insert(pending)
    .values(
        kind=bindparam("seal_kind"),
        ref=bindparam("seal_ref"),
        digest=bindparam("seal_digest"),
        noted_at=bindparam("seal_noted_at", type_=pending.c.noted_at.type),
    )
    .inline()
)


NOTE_PHONE_ENTRY = (
    insert(phone_entry)
    .values({column.name: bindparam(column.name, type_=column.type) for column in phone_entry.c})
    .inline()
)


def _void(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
    once: Insert = (
        make(void).on_conflict_do_nothing(index_elements=[void.c.handout_id]).returning(void.c.id)
    )
    return once


VOID = _per_database(_void)
