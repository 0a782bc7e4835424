"""Install the taxonomy, look after occupations, keep persons by name, show what is sealed."""

from carecampaign.beneficiaries.services.occupations import (
    CodeTaken,
    add_occupation,
    deactivate_occupation,
    edit_occupation,
    install_taxonomy,
    reactivate_occupation,
)
from carecampaign.beneficiaries.services.persons import (
    AlreadyKept,
    add_person,
    edit_person,
)
from carecampaign.beneficiaries.services.sealing import (
    NothingKept,
    reseal_batch,
    reveal,
)

__all__ = [
    "AlreadyKept",
    "CodeTaken",
    "NothingKept",
    "add_occupation",
    "add_person",
    "deactivate_occupation",
    "edit_occupation",
    "edit_person",
    "install_taxonomy",
    "reactivate_occupation",
    "reseal_batch",
    "reveal",
]
