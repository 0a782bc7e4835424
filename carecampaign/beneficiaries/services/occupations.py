"""Install the taxonomy, and look after occupations."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries import taxonomy
from carecampaign.beneficiaries.models import BeneficiaryGroup, Occupation
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l


class CodeTaken(DomainError):
    """Another occupation has this code."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("Another occupation already has this code."))


def install_taxonomy(*, by: Actor) -> int:
    """Add the groups and occupations of the master taxonomy that are missing; give how many.

    What is there already stays as people have made it, so that this can be done again.
    """
    groups = {group.code: group for group in db.session.scalars(select(BeneficiaryGroup))}
    added = 0
    for entry in taxonomy.GROUPS:
        if entry.code not in groups:
            group = BeneficiaryGroup(code=entry.code, name=entry.name, name_en=entry.name_en)
            db.session.add(group)
            groups[entry.code] = group
            added += 1
            _record_group(group, by=by)
    known = set(db.session.scalars(select(Occupation.code)))
    for occupation in taxonomy.OCCUPATIONS:
        if occupation.code not in known:
            add_occupation(
                occupation.name,
                name_en=occupation.name_en,
                code=occupation.code,
                groups=[groups[code] for code in occupation.groups],
                by=by,
            )
            added += 1
    return added


def add_occupation(
    name: str,
    *,
    name_en: str,
    code: str,
    groups: Collection[BeneficiaryGroup],
    by: Actor,
) -> Occupation:
    """Add an occupation to the master taxonomy. Raises CodeTaken."""
    occupation = Occupation(code=code.upper(), name=name, name_en=name_en, groups=list(groups))
    db.session.add(occupation)
    _flush()
    _record("add_occupation", occupation, by=by, changes=_snapshot(occupation))
    return occupation


def edit_occupation(
    occupation: Occupation,
    *,
    name: str,
    name_en: str,
    code: str,
    groups: Collection[BeneficiaryGroup],
    by: Actor,
) -> None:
    """Change the words, the code or the groups of an occupation. Raises CodeTaken."""
    before = _snapshot(occupation)
    occupation.code = code.upper()
    occupation.name = name
    occupation.name_en = name_en
    occupation.groups = list(groups)
    _flush()
    after = _snapshot(occupation)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        _record("edit_occupation", occupation, by=by, changes=changes)


def deactivate_occupation(occupation: Occupation, *, by: Actor) -> None:
    """Offer an occupation for nothing new any more; what was counted stays."""
    _set_active(occupation, is_active=False, verb="deactivate_occupation", by=by)


def reactivate_occupation(occupation: Occupation, *, by: Actor) -> None:
    """Offer an occupation again."""
    _set_active(occupation, is_active=True, verb="reactivate_occupation", by=by)


def _set_active(occupation: Occupation, *, is_active: bool, verb: str, by: Actor) -> None:
    if occupation.is_active == is_active:
        return
    occupation.is_active = is_active
    _record(verb, occupation, by=by, changes={"is_active": [not is_active, is_active]})


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise CodeTaken from error


def _snapshot(occupation: Occupation) -> dict[str, object]:
    return {
        "code": occupation.code,
        "name": occupation.name,
        "name_en": occupation.name_en,
        "groups": sorted(group.name for group in occupation.groups),
    }


def _record(
    verb: str, occupation: Occupation, *, by: Actor, changes: Mapping[str, object]
) -> None:
    """Add an entry; the taxonomy belongs to the whole installation, to no organisation."""
    audit.record(f"beneficiaries.{verb}", occupation, by=by, name=occupation.name, changes=changes)


def _record_group(group: BeneficiaryGroup, *, by: Actor) -> None:
    changes = {"code": group.code, "name": group.name, "name_en": group.name_en}
    audit.record("beneficiaries.add_group", group, by=by, name=group.name, changes=changes)
