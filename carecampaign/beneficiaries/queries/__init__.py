"""Read occupations and groups, which all share, and persons, within one's part of the tree."""

from carecampaign.beneficiaries.queries.occupations import (
    OCCUPATIONS,
    OccupationFilters,
    get_occupation,
    list_active_occupations,
    list_grouped_occupations,
    list_groups,
    list_occupations,
    occupations_matching,
)
from carecampaign.beneficiaries.queries.persons import (
    FOUND_PERSONS,
    PERSONS,
    Erased,
    MergedAway,
    PersonFilters,
    find_by_id_number,
    get_person_for,
    may,
    persons_for,
    persons_to_manage,
)
from carecampaign.beneficiaries.queries.search import BY_NAME, is_found_by

__all__ = [
    "BY_NAME",
    "FOUND_PERSONS",
    "OCCUPATIONS",
    "PERSONS",
    "Erased",
    "MergedAway",
    "OccupationFilters",
    "PersonFilters",
    "find_by_id_number",
    "get_occupation",
    "get_person_for",
    "is_found_by",
    "list_active_occupations",
    "list_grouped_occupations",
    "list_groups",
    "list_occupations",
    "may",
    "occupations_matching",
    "persons_for",
    "persons_to_manage",
]
