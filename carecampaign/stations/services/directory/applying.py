"""Carry out what a table was found to do, with few statements however many rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.stations.coordinates import Position, to_wgs84
from carecampaign.stations.models import Station
from carecampaign.stations.queries.directory import (
    COLUMNS,
    codes_beginning_with,
    ids_by_code,
    owners_by_id,
)
from carecampaign.stations.services.directory.parts import (
    NOTHING,
    Rewrite,
    remove_partners,
    write_parts,
)
from carecampaign.stations.services.directory.planning import Addition, Change, Plan
from carecampaign.stations.services.directory.recording import additions, changes
from carecampaign.stations.services.errors import CodeTaken

CODE_PREFIX = "S"


def apply_plan(plan: Plan, *, by: Actor) -> None:
    """Open and change the stations of a plan, each with its entry in the log.

    Raises CodeTaken when somebody took the code of a new station meanwhile.
    """
    _give_codes(plan.added)
    try:
        ids = _insert(plan.added)
        _update(plan.changed)
    except IntegrityError as error:
        raise CodeTaken from error
    owners = owners_by_id(_owners_of(plan))
    audit.record_all(additions(zip(ids, plan.added, strict=True), owners), by=by)
    audit.record_all(changes(plan.changed, owners), by=by)


def _owners_of(plan: Plan) -> Iterator[int]:
    yield from (one.values["owner_id"] for one in plan.added)
    yield from (one.values["owner_id"] for one in plan.changed)
    yield from (one.known.values["owner_id"] for one in plan.changed)


def _give_codes(added: Sequence[Addition]) -> None:
    """Give the next free codes to stations that came without one."""
    without = [addition for addition in added if not addition.values["code"]]
    if not without:
        return
    taken = codes_beginning_with(CODE_PREFIX) | {one.values["code"] for one in added}
    number = db.session.scalar(select(func.count(Station.id))) or 0
    for addition in without:
        number += 1
        while (code := f"{CODE_PREFIX}{number:04d}") in taken:
            number += 1
        addition.values["code"] = code


def _insert(added: Sequence[Addition]) -> list[int]:
    """Write new stations; give their ids in the same order."""
    if not added:
        return []
    opened_at = clock.now()
    rows = [
        _columns(one.values) | {"is_synthetic": False, "created_at": opened_at} for one in added
    ]
    db.session.execute(insert(Station), rows)
    by_code = ids_by_code([one.values["code"] for one in added])
    ids = [by_code[one.values["code"]] for one in added]
    write_parts([Rewrite(new, NOTHING, one.values) for new, one in zip(ids, added, strict=True)])
    return ids


def _update(changed: Sequence[Change]) -> None:
    if not changed:
        return
    rows = [{"id": one.known.id, **_columns(one.values)} for one in changed]
    db.session.execute(update(Station), rows)
    write_parts([Rewrite(one.known.id, one.known.values, one.values) for one in changed])
    # Who runs a station shares it with nobody of their own.
    remove_partners(
        [(one.known.id, one.values["owner_id"]) for one in changed if "owner_id" in one.keys]
    )


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of a station, those computed from others included."""
    columns = {name: values[name] for name in COLUMNS}
    computed = None
    if values["datum"] is not None:
        computed = to_wgs84(Position(values["longitude"], values["latitude"], values["datum"]))
    return columns | {
        "wgs84_longitude": computed and computed.longitude,
        "wgs84_latitude": computed and computed.latitude,
    }
