"""Open, rename and retire fund sources; say what was given for which purpose."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.funds.models import Earmark, EarmarkUse, FundKind, FundSource
from carecampaign.organizations.models import Organization


class NameTaken(DomainError):
    """The organisation has a fund source of this name already."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("This organization already has a fund source of this name."))


def create_fund_source(
    name: str, *, organization: Organization, kind: FundKind, by: Actor
) -> FundSource:
    """Open a fund source for an organisation. Raises NameTaken."""
    source = FundSource(name=name, organization=organization, kind=kind)
    db.session.add(source)
    _flush()
    _record("create", source, by=by, changes={"name": name, "kind": kind})
    return source


def edit_fund_source(source: FundSource, *, name: str, kind: FundKind, by: Actor) -> None:
    """Change the name or the kind of a fund source. Raises NameTaken."""
    before = {"name": source.name, "kind": source.kind}
    after = {"name": name, "kind": kind}
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if not changes:
        return
    source.name = name
    source.kind = kind
    _flush()
    _record("edit", source, by=by, changes=changes)


def deactivate_fund_source(source: FundSource, *, by: Actor) -> None:
    """Offer a source for nothing new any more; what draws on it keeps it."""
    _set_active(source, is_active=False, by=by)


def reactivate_fund_source(source: FundSource, *, by: Actor) -> None:
    """Offer a source again."""
    _set_active(source, is_active=True, by=by)


def _set_active(source: FundSource, *, is_active: bool, by: Actor) -> None:
    if source.is_active == is_active:
        return
    source.is_active = is_active
    verb = "reactivate" if is_active else "deactivate"
    _record(verb, source, by=by, changes={"is_active": [not is_active, is_active]})


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise NameTaken from error


def _record(verb: str, source: FundSource, *, by: Actor, changes: Mapping[str, object]) -> None:
    audit.record(
        f"funds.{verb}",
        source,
        by=by,
        name=source.name,
        path=source.organization.path,
        changes=changes,
    )


# Earmarks


class EarmarkNameTaken(DomainError):
    """The fund source has an earmark of this name already."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("This fund source already has an earmark of this name."))


def create_earmark(
    source: FundSource, name: str, *, purpose: str, is_restricted: bool, by: Actor
) -> Earmark:
    """Note what money or goods of a source are given for. Raises EarmarkNameTaken."""
    earmark = Earmark(
        fund_source=source,
        name=name,
        purpose=purpose,
        is_restricted=is_restricted,
        is_active=True,
    )
    db.session.add(earmark)
    _flush_earmark()
    _record_earmark("create_earmark", earmark, by=by, changes=_facts_of(earmark))
    return earmark


def edit_earmark(
    earmark: Earmark, *, name: str, purpose: str, is_restricted: bool, is_active: bool, by: Actor
) -> None:
    """Change what an earmark says; it binds what came in under it before, too.

    One that is not active is offered for nothing new. Raises EarmarkNameTaken.
    """
    before = _facts_of(earmark)
    earmark.name = name
    earmark.purpose = purpose
    earmark.is_restricted = is_restricted
    earmark.is_active = is_active
    after = _facts_of(earmark)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        _flush_earmark()
        _record_earmark("edit_earmark", earmark, by=by, changes=changes)


def allow_use(earmark: Earmark, use: str, *, name: str, ground: str, by: Actor) -> None:
    """Let what is earmarked be spent on a use, which people know by ``name``.

    ``ground`` says by whose word: what the giver agreed to, or a decision.
    """
    if db.session.get(EarmarkUse, (earmark.id, use)) is None:
        db.session.add(EarmarkUse(earmark_id=earmark.id, use=use, ground=ground))
        db.session.flush()
        changes = {"use": name, "ground": ground}
        _record_earmark("allow_earmark", earmark, by=by, changes=changes)


def forbid_use(earmark: Earmark, use: str, *, name: str, by: Actor) -> None:
    """Let nothing more that is earmarked be spent on a use; what was spent was."""
    allowed = db.session.get(EarmarkUse, (earmark.id, use))
    if allowed is not None:
        db.session.delete(allowed)
        db.session.flush()
        _record_earmark("forbid_earmark", earmark, by=by, changes={"use": name})


def _facts_of(earmark: Earmark) -> dict[str, object]:
    return {
        "name": earmark.name,
        "purpose": earmark.purpose,
        "is_restricted": earmark.is_restricted,
        "is_active": earmark.is_active,
    }


def _flush_earmark() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise EarmarkNameTaken from error


def _record_earmark(
    verb: str, earmark: Earmark, *, by: Actor, changes: Mapping[str, object]
) -> None:
    audit.record(
        f"funds.{verb}",
        earmark,
        by=by,
        name=f"{earmark.fund_source.name} · {earmark.name}",
        path=earmark.fund_source.organization.path,
        changes=changes,
    )
