"""Write what was made ready, with few statements however many rows."""

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.audit.services import Happening
from carecampaign.core import clock
from carecampaign.core.db import db, table_of
from carecampaign.stations.models import Station
from carecampaign.stations.queries.directory import codes_beginning_with, ids_by_code
from carecampaign.stations.services.directory.parts import remove_partners, write_parts
from carecampaign.stations.services.directory.preparing import Opening, Rewrite, Work
from carecampaign.stations.services.errors import CodeTaken

CODE_PREFIX = "S"


def write(work: Work, *, by: Actor) -> None:
    """Open and change stations, each with its entry in the log.

    Raises CodeTaken when somebody took the code of a new station meanwhile.
    """
    _give_codes(work.openings)
    try:
        ids = _insert(work.openings)
        _update(work.rewrites)
    except IntegrityError as error:
        raise CodeTaken from error
    opened = list(zip(ids, work.openings, strict=True))
    write_parts(
        [(new, one.parts) for new, one in opened]
        + [(one.station_id, one.parts) for one in work.rewrites]
    )
    remove_partners(work.handed_over)
    audit.record_all(_told_of(opened), by=by)
    audit.record_all((told for one in work.rewrites for told in one.told), by=by)


def _give_codes(openings: Sequence[Opening]) -> None:
    """Give the next free codes to stations that came without one."""
    without = [one for one in openings if not one.columns["code"]]
    if not without:
        return
    taken = codes_beginning_with(CODE_PREFIX) | {one.columns["code"] for one in openings}
    number = db.session.scalar(select(func.count(Station.id))) or 0
    for one in without:
        number += 1
        while (code := f"{CODE_PREFIX}{number:04d}") in taken:
            number += 1
        one.columns["code"] = code


def _insert(openings: Sequence[Opening]) -> list[int]:
    """Write new stations; give their ids in the same order."""
    if not openings:
        return []
    opened_at = clock.now()
    rows = [{**one.columns, "is_synthetic": False, "created_at": opened_at} for one in openings]
    db.session.execute(insert(table_of(Station)), rows)
    by_code = ids_by_code([one.columns["code"] for one in openings])
    return [by_code[one.columns["code"]] for one in openings]


def _update(rewrites: Sequence[Rewrite]) -> None:
    if not rewrites:
        return
    names = list(rewrites[0].columns)
    table = table_of(Station)
    statement = update(table).where(table.c.id == bindparam("of_id"))
    rows = [
        {"of_id": one.station_id, **{f"new_{name}": one.columns[name] for name in names}}
        for one in rewrites
    ]
    db.session.execute(statement.values({name: bindparam(f"new_{name}") for name in names}), rows)


def _told_of(opened: Sequence[tuple[int, Opening]]) -> Iterator[Happening]:
    for station_id, one in opened:
        one.told.ref = str(station_id)
        one.told.changes = {"code": one.columns["code"], **one.told.changes}
        yield one.told
