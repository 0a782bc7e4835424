"""What a campaign tells people, and what they agree to and take back."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.queries.merged import entries_of
from carecampaign.campaigns.models import (
    Campaign,
    CampaignState,
    Consent,
    ConsentKind,
    ConsentMeans,
    LegalBasis,
    Notice,
)
from carecampaign.campaigns.queries.consents import find_notice, what_was_withdrawn
from carecampaign.campaigns.services.drafts import record
from carecampaign.core import clock
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l


class NoNotice(DomainError):
    """Nobody can agree to what nobody was told."""

    field = "campaign_id"

    def __init__(self) -> None:
        super().__init__(_l("This campaign has no notice yet: write it first."))


class NotAsked(DomainError):
    """The notice does not ask for this consent."""

    field = "kinds"

    def __init__(self, kind: ConsentKind) -> None:
        super().__init__(
            _l("The notice of this campaign does not ask for this: %(kind)s.", kind=kind.label)
        )


class NotYetGiven(DomainError):
    """A consent is given today or was given before."""

    field = "given_on"

    def __init__(self) -> None:
        super().__init__(_l("This day is still to come."))


class AlreadyWithdrawn(Conflict):
    """Somebody has recorded the withdrawal before."""

    def __init__(self) -> None:
        super().__init__(_l("This consent was withdrawn before."))


class CampaignOver(Conflict):
    """What a closed campaign told people stays as it was."""

    def __init__(self) -> None:
        super().__init__(_l("This campaign is closed: its notice changes no more."))


class WrittenMeanwhile(Conflict):
    """Somebody else has written a version since this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Somebody else has written a new version since you opened the page. Compare it"
                " with the notice's page; when you save again, what stands here follows it."
            )
        )


def publish_notice(
    campaign: Campaign,
    *,
    body: str,
    asks: Collection[ConsentKind],
    legal_basis: LegalBasis,
    after: int | None = None,
    by: Actor,
) -> Notice:
    """Tell people something new: give the version that holds now.

    Where text and questions are those of the last version, that one goes on. ``after`` is the
    number it was written after (0: none; None asks for none in particular). Raises
    WrittenMeanwhile when there is a newer one, CampaignOver.
    """
    db.session.refresh(campaign, ["state"], with_for_update={"key_share": True})
    if campaign.state is CampaignState.CLOSED:
        raise CampaignOver
    last = find_notice(campaign.id)
    number = last.number if last else 0
    if after is not None and after != number:
        raise WrittenMeanwhile
    _set_basis(campaign, legal_basis, by=by)
    if last is not None and (last.body, set(last.asked)) == (body, set(asks)):
        return last
    notice = Notice(
        campaign_id=campaign.id,
        number=number + 1,
        body=body,
        asks_sensitive=ConsentKind.SENSITIVE in asks,
        asks_public_notice=ConsentKind.PUBLIC_NOTICE in asks,
        asks_photo=ConsentKind.PHOTO in asks,
        written_by_id=by.id,
    )
    db.session.add(notice)
    db.session.flush()
    changes = {"notice": notice.number, "asked": [str(kind) for kind in notice.asked]}
    record("publish_notice", campaign, by=by, changes=changes)
    return notice


def record_consents(
    campaign: Campaign,
    person_ids: Iterable[int],
    kinds: Collection[ConsentKind] = (),
    *,
    means: ConsentMeans,
    given_on: date,
    number: int | None = None,
    by: Actor,
) -> int:
    """Record that people were told by a notice and agreed to ``kinds`` besides.

    ``number`` is the version they were told, None the present one. What stands already is left
    as it is; and a unit's word for many does not bring back what one of them has withdrawn.
    Gives how many people it is new for. Raises NoNotice, NotAsked, NotYetGiven.
    """
    notice = find_notice(campaign.id, number)
    if notice is None:
        raise NoNotice
    if given_on > clock.today():
        raise NotYetGiven
    for kind in kinds:
        if kind is not ConsentKind.HANDLING and kind not in notice.asked:
            raise NotAsked(kind)
    wanted = [ConsentKind.HANDLING, *(kind for kind in notice.asked if kind in kinds)]
    facts = {
        "campaign_id": campaign.id,
        "notice_id": notice.id,
        "means": means,
        "given_on": given_on,
        "recorded_by_id": by.id,
    }
    new: set[int] = set()
    for some in batches(sorted(set(person_ids))):
        rows = [
            {**facts, "person_id": person_id, "kind": kind}
            for person_id, kind in _to_record(campaign, some, wanted, means)
        ]
        if rows:
            new.update(_insert(rows))
    if new:
        persons = {"person": f"№ {min(new)}"} if len(new) == 1 else {"added_persons": len(new)}
        record(
            "record_consents",
            campaign,
            by=by,
            changes={
                **persons,
                "consents": [str(kind) for kind in wanted],
                "notice": notice.number,
                "means": means,
            },
        )
    return len(new)


def withdraw_consent(consent: Consent, *, by: Actor) -> None:
    """Note that somebody took a consent back: from now on nobody goes by it.

    Whoever takes back the handling itself takes back everything in that campaign. Raises
    AlreadyWithdrawn.
    """
    this = aliased(Consent)
    theirs = Consent.person_id.in_(entries_of(consent.person.as_kept.id))
    is_all = consent.kind is ConsentKind.HANDLING
    taken = (
        update(Consent)
        .where(
            Consent.campaign_id == consent.campaign_id,
            theirs if is_all else Consent.id == consent.id,
            Consent.withdrawn_at.is_(None),
            # Only while this very one stands: else somebody has agreed anew since.
            select(this.id).where(this.id == consent.id, this.withdrawn_at.is_(None)).exists(),
        )
        .values(withdrawn_at=clock.now(), withdrawn_by_id=by.id)
        .returning(Consent.kind)
        .execution_options(synchronize_session=False)
    )
    kinds = sorted({str(kind) for kind in db.session.scalars(taken)})
    if not kinds:
        raise AlreadyWithdrawn
    record(
        "withdraw_consent",
        consent.campaign,
        by=by,
        changes={"person": f"№ {consent.person_id}", "consents": kinds},
    )


def _set_basis(campaign: Campaign, legal_basis: LegalBasis, *, by: Actor) -> None:
    before = campaign.legal_basis
    if before is legal_basis:
        return
    campaign.legal_basis = legal_basis
    record("set_legal_basis", campaign, by=by, changes={"legal_basis": [before, legal_basis]})


def _to_record(
    campaign: Campaign,
    person_ids: Collection[int],
    wanted: Collection[ConsentKind],
    means: ConsentMeans,
) -> Iterator[tuple[int, ConsentKind]]:
    """Give who is to be recorded for what: not what one of them took back, on a unit's word."""
    is_by_unit = means is ConsentMeans.BY_UNIT
    taken_back = what_was_withdrawn(campaign.id, person_ids) if is_by_unit else frozenset()
    return (
        (person_id, kind)
        for person_id in person_ids
        for kind in wanted
        if (person_id, kind) not in taken_back
    )


def _insert(rows: list[dict[str, object]]) -> set[int]:
    """Insert those that do not stand already; give whom they are of."""
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = (
        make(Consent)
        .on_conflict_do_nothing(
            index_elements=["campaign_id", "person_id", "kind"],
            index_where=Consent.withdrawn_at.is_(None),
        )
        .returning(Consent.person_id)
    )
    return set(db.session.scalars(statement, rows))
