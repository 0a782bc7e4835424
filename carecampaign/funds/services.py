"""Open, rename and retire fund sources."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.funds.models import FundKind, FundSource
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
