"""What tells a person apart or reaches them, beyond the name."""

from dataclasses import dataclass
from typing import NamedTuple

from carecampaign.core.i18n import Labelled, _l


class SealedField(Labelled):
    """What of a person is kept sealed, by the name of its column."""

    PHONE = "phone", _l("Phone")
    ID_NUMBER = "id_number", _l("ID number")
    UNION_NUMBER = "union_number", _l("Membership number")


@dataclass(frozen=True)
class Contacts:
    """Numbers as ``numbers`` reads them, and the code of the household; all may be missing."""

    phone: str | None = None
    id_number: str | None = None
    union_number: str | None = None
    household_key: str = ""


class Numbers(NamedTuple):
    """What of somebody is the same with every unit, as ``numbers`` reads it."""

    phone: str | None
    id_number: str | None


NOTHING = Contacts()
