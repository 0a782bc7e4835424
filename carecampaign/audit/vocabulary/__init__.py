"""Words for what the log names: actions, kinds of subjects, fields."""

from carecampaign.audit.vocabulary.actions import ACTIONS
from carecampaign.audit.vocabulary.subjects import (
    FIELDS,
    INTERNAL,
    KINDS,
    LISTED_IN,
    LISTS,
    MONEY,
    SEALED_KINDS,
)

__all__ = [
    "ACTIONS",
    "FIELDS",
    "INTERNAL",
    "KINDS",
    "LISTED_IN",
    "LISTS",
    "MONEY",
    "SEALED_KINDS",
]
