"""How long what is kept, what was deleted for it, and who got whole numbers as a file."""

from carecampaign.privacy.models.exports import (
    KEPT_FOR,
    ExportColumn,
    ExportState,
    UnmaskedExport,
)
from carecampaign.privacy.models.retention import RetentionRule, RetentionRun

__all__ = [
    "KEPT_FOR",
    "ExportColumn",
    "ExportState",
    "RetentionRule",
    "RetentionRun",
    "UnmaskedExport",
]
