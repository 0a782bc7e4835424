"""Take what phones logged while they had no network (law 3).

All of it happened: nothing is refused. What broke a rule is posted and counted at once, and
put on the list to be settled; what cannot be posted at all is put aside as it came.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from carecampaign.access.actor import Actor
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.hot import run_many
from carecampaign.core.i18n import Labelled, _l
from carecampaign.distributions import queries
from carecampaign.distributions.entries import Entry, Unread, digest_of
from carecampaign.distributions.models import (
    DistributionEvent,
    ExceptionReason,
    Handout,
    HandoutException,
    Outcome,
    Phone,
    PhoneEntry,
    PutAside,
    Quarantined,
)
from carecampaign.distributions.queries import Occasion
from carecampaign.distributions.services import statements as sql
from carecampaign.distributions.services.errors import OtherContent
from carecampaign.distributions.services.handouts import log_at
from carecampaign.distributions.services.many import log_many
from carecampaign.distributions.services.received import Logged, amend
from carecampaign.distributions.services.voids import UNDO_WITHIN, void_handout
from carecampaign.distributions.taps import Tap

FAST_OR_SLOW = timedelta(seconds=120)
"""How far a phone's clock may be off before its instants are in doubt."""

AROUND_THE_EVENT = timedelta(hours=12)


class Code(Labelled):
    """What the phone is told of an entry; but for ``retry`` it may forget it."""

    CREATED = "created", _l("Logged")
    DUPLICATE = "duplicate", _l("Logged before")
    FLAGGED = "created_flagged", _l("Logged, to be settled")
    ID_CONFLICT = "id_conflict", _l("The same id says something else")
    QUARANTINED = "quarantined", _l("Put aside as it came")
    RETRY = "retry", _l("To be sent again")


@dataclass(frozen=True)
class Answer:
    """What became of one message, by the id it gave itself; ``flags`` is what was doubtful."""

    id: str
    code: Code
    flags: tuple[ExceptionReason, ...] = ()


@dataclass(frozen=True)
class Batch:
    """Messages that came together: from which phone, sent by whom, and when by its clock.

    ``allowed`` are the events at which the phone, or whoever is signed in, may log.
    """

    entries: Sequence[Entry | Unread]
    phone: Phone
    allowed: Collection[int]
    sent_at: datetime
    by: Actor


def take(batch: Batch) -> list[Answer]:
    """Log the entries of a batch, each once whatever comes again; answer each of them.

    Raises IntegrityError when the same entries come in at this very moment over another way:
    then the whole batch is to be taken anew.
    """
    unread = [it for it in batch.entries if isinstance(it, Unread)]
    answers = [_put_aside(it, None, batch) for it in unread]
    entries = sorted((it for it in batch.entries if isinstance(it, Entry)), key=lambda it: it.id)
    by_event: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_event[entry.event_id].append(entry)
    for event_id, own in sorted(by_event.items()):
        if event_id in batch.allowed:
            answers += _take_at(event_id, own, batch)
        else:
            answers += [_refuse(it, PutAside.NOT_LET_IN, batch) for it in own]
    return answers


def _take_at(event_id: int, entries: Sequence[Entry], batch: Batch) -> list[Answer]:
    event = db.session.get_one(DistributionEvent, event_id)
    occasions: dict[tuple[int | None, int], Occasion] = {}
    said = {entry.id: entry for entry in entries if entry.tap is not None}
    answers = []
    taps = []
    named = []
    for entry in said.values():
        tap = entry.issued
        occasion = _occasion_of(event_id, tap, occasions)
        if occasion is None:
            answers.append(_refuse(entry, PutAside.NOT_OF_THE_EVENT, batch))
        elif tap.person_id is None:
            taps.append((occasion, tap))
        else:
            named.append((occasion, tap))
    logged: dict[UUID, Logged | None] = log_many(taps, by=batch.by)
    for occasion, tap in named:
        try:
            with db.session.begin_nested():
                db.session.connection()  # only now is there a savepoint
                logged[tap.id] = log_at(occasion, tap, by=batch.by)
        except OtherContent:
            logged[tap.id] = None
        except DomainError:
            answers.append(_refuse(said[tap.id], PutAside.NO_SUCH_PERSON, batch))
    fresh = [said[it.id] for it in logged.values() if it is not None and not it.is_repeat]
    _note(fresh, batch)
    answers += [_answer(said[own], became, event, batch) for own, became in logged.items()]
    answers += [_take_void(entry, batch) for entry in entries if entry.voids is not None]
    return answers


def _occasion_of(
    event_id: int, tap: Tap, known: dict[tuple[int | None, int], Occasion]
) -> Occasion | None:
    """Read the event for a tap, once for each group and thing; None where it has none such."""
    key = (tap.group_id, tap.item_id)
    if key not in known:
        known[key] = queries.get_occasion(event_id, tap, is_locked=True)
    occasion = known[key]
    is_of_it = occasion.item_id is not None and (tap.person_id or occasion.group_id)
    return occasion if is_of_it else None


def _answer(entry: Entry, logged: Logged | None, event: DistributionEvent, batch: Batch) -> Answer:
    if logged is None:
        return _refuse(entry, PutAside.ID_CONFLICT, batch, Code.ID_CONFLICT)
    flags = tuple(it for it in logged.reasons if isinstance(it, ExceptionReason))
    if logged.is_repeat:
        return Answer(str(entry.id), Code.DUPLICATE, flags)
    if _is_clock_in_doubt(entry, event, batch):
        flags = (*flags, ExceptionReason.CLOCK_SUSPECT)
        db.session.add(HandoutException(handout_id=entry.id, event_id=event.id, reason=flags[-1]))
        amend(Logged(entry.id, Outcome.FLAGGED, logged.recorded_at, flags))
    return Answer(str(entry.id), Code.FLAGGED if flags else Code.CREATED, flags)


def _take_void(entry: Entry, batch: Batch) -> Answer:
    """Take an entry back that the same phone made shortly before, by its own clock.

    One that is not there yet may still come. Raises nothing: what is too late is for the lead.
    """
    wanted = entry.voided
    handout = db.session.get(Handout, wanted)
    if handout is None:
        if is_put_aside(wanted):
            return _refuse(entry, PutAside.OF_PUT_ASIDE, batch)
        return Answer(str(entry.id), Code.RETRY)
    kept = db.session.get(PhoneEntry, wanted)
    is_its_own = kept is not None and kept.phone_id == batch.phone.id
    if not is_its_own or entry.happened_at - handout.happened_at > UNDO_WITHIN:
        return _refuse(entry, PutAside.LATE_UNDO, batch)
    try:
        is_new = void_handout(wanted, void_id=entry.id, reason=entry.reason, by=batch.by)
    except DomainError:
        return _refuse(entry, PutAside.ID_CONFLICT, batch, Code.ID_CONFLICT)
    if is_new:
        _note([entry], batch)
    return Answer(str(entry.id), Code.CREATED if is_new else Code.DUPLICATE)


def _is_clock_in_doubt(entry: Entry, event: DistributionEvent, batch: Batch) -> bool:
    if abs(clock.now() - batch.sent_at) > FAST_OR_SLOW:
        return True
    begins = clock.start_of(event.held_on) - AROUND_THE_EVENT
    return not begins <= entry.happened_at <= clock.end_of(event.held_on) + AROUND_THE_EVENT


def _note(entries: Sequence[Entry], batch: Batch) -> None:
    """Keep beside the log how entries were kept on the phone."""
    run_many(
        sql.NOTE_PHONE_ENTRY,
        [
            {
                "id": entry.id,
                "phone_id": batch.phone.id,
                "seq": entry.seq,
                "utc_offset": entry.utc_offset,
                "mono": entry.mono,
                "boot": entry.boot,
                "uploaded_by_id": batch.by.id,
            }
            for entry in entries
        ],
    )


# What cannot be posted


def is_put_aside(message_id: UUID) -> bool:
    """Say whether an entry was put aside."""
    found = select(Quarantined.id).where(Quarantined.called == str(message_id)).limit(1)
    return db.session.scalar(found) is not None


def _refuse(entry: Entry, reason: PutAside, batch: Batch, code: Code = Code.QUARANTINED) -> Answer:
    known = select(DistributionEvent.id).where(DistributionEvent.id == entry.event_id)
    unread = Unread(str(entry.id), entry.raw, reason)
    return _put_aside(unread, db.session.scalar(known), batch, code)


def _put_aside(
    unread: Unread, event_id: int | None, batch: Batch, code: Code = Code.QUARANTINED
) -> Answer:
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(
        make(Quarantined)
        .values(
            digest=digest_of(unread.raw),
            called=unread.id,
            phone_id=batch.phone.id,
            event_id=event_id,
            reason=unread.reason,
            raw=unread.raw,
        )
        .on_conflict_do_nothing(index_elements=[Quarantined.digest])
    )
    return Answer(unread.id, code)
