"""Write entries, note rows of the ledgers for sealing, seal them, and prove the seals."""

from carecampaign.audit.services.recording import (
    Happening,
    digest_of,
    entry_digest,
    keyed_digest,
    note_for_sealing,
    record,
    record_all,
)
from carecampaign.audit.services.sealing import BATCH, CONFLICT, GENESIS, link_hash, seal_batch
from carecampaign.audit.services.verification import MOST_PROBLEMS, register_kind, verify

__all__ = [
    "BATCH",
    "CONFLICT",
    "GENESIS",
    "MOST_PROBLEMS",
    "Happening",
    "digest_of",
    "entry_digest",
    "keyed_digest",
    "link_hash",
    "note_for_sealing",
    "record",
    "record_all",
    "register_kind",
    "seal_batch",
    "verify",
]
