"""Read occupations and the groups derived from them, which all share."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from carecampaign.beneficiaries.models import BeneficiaryGroup, Occupation, OccupationGroup
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing

# The letter first, then as numbers: E2 before E10.
_BY_CODE = (
    func.substr(Occupation.code, 1, 1),
    func.length(Occupation.code),
    Occupation.code,
)


def list_groups() -> list[BeneficiaryGroup]:
    """Give the groups of the master taxonomy, by code."""
    return list(db.session.scalars(select(BeneficiaryGroup).order_by(BeneficiaryGroup.code)))


def list_occupations() -> list[Occupation]:
    """Give all occupations with their groups, by code."""
    statement = select(Occupation).options(selectinload(Occupation.groups)).order_by(*_BY_CODE)
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class OccupationFilters:
    """What the list of occupations is narrowed to; "" and None narrow nothing."""

    text: str = ""
    group_id: int | None = None
    is_active: bool | None = None


def _groups_of(occupation: Occupation) -> str:
    return _(", ").join(in_language(group) for group in occupation.groups)


OCCUPATIONS: Listing[Occupation] = Listing(
    _l("Occupations"),
    (
        Column("name", _l("Occupation"), in_language, Occupation.name),
        Column("code", _l("Code"), lambda occupation: occupation.code),
        Column("groups", _l("Occupation groups"), _groups_of),
        Column(
            "state",
            _l("State"),
            lambda occupation: _("In use") if occupation.is_active else _("Retired"),
            Occupation.is_active,
        ),
    ),
    order=(*_BY_CODE, Occupation.id),
)


def occupations_matching(filters: OccupationFilters) -> Select[Occupation]:
    """Select the occupations that match, with their groups."""
    statement = select(Occupation).options(selectinload(Occupation.groups))
    if filters.text:
        searched = (Occupation.name, Occupation.name_en, Occupation.code)
        statement = statement.where(
            or_(*(column.icontains(filters.text, autoescape=True) for column in searched))
        )
    if filters.group_id is not None:
        members = select(OccupationGroup.occupation_id).where(
            OccupationGroup.group_id == filters.group_id
        )
        statement = statement.where(Occupation.id.in_(members))
    if filters.is_active is not None:
        statement = statement.where(Occupation.is_active == filters.is_active)
    return statement


def list_grouped_occupations() -> list[tuple[BeneficiaryGroup, list[Occupation]]]:
    """Give each group with its occupations; one that is in two groups comes twice."""
    occupations = list_occupations()
    return [
        (group, [occupation for occupation in occupations if group in occupation.groups])
        for group in list_groups()
    ]


def list_active_occupations(*, also: Iterable[int] = ()) -> list[Occupation]:
    """Give the occupations to choose from, by code; ``also`` names ids to give in any case."""
    return list(
        db.session.scalars(
            select(Occupation)
            .where(or_(Occupation.is_active, Occupation.id.in_(list(also))))
            .options(selectinload(Occupation.groups))
            .order_by(*_BY_CODE)
        )
    )


def get_occupation(occupation_id: int, *, lock: bool = False) -> Occupation:
    """Give an occupation with its groups. Raises NotFound.

    ``lock`` holds it until the transaction ends, so that two changes come one after the other.
    """
    statement = (
        select(Occupation)
        .where(Occupation.id == occupation_id)
        .options(selectinload(Occupation.groups))
    )
    occupation = db.session.scalar(statement.with_for_update() if lock else statement)
    if occupation is None:
        raise NotFound(_l("There is no such occupation."))
    return occupation
