"""Write entries, note rows of the ledgers for sealing, seal them, and prove the seals."""

from carecampaign.audit.services.recording import (
    digest_of,
    entry_digest,
    keyed_digest,
    note_for_sealing,
    record,
)
from carecampaign.audit.services.sealing import BATCH, CONFLICT, GENESIS, link_hash, seal_batch
from carecampaign.audit.services.verification import MOST_PROBLEMS, register_kind, verify

__all__ = [
    "BATCH",
    "CONFLICT",
    "GENESIS",
    "MOST_PROBLEMS",
    "digest_of",
    "entry_digest",
    "keyed_digest",
    "link_hash",
    "note_for_sealing",
    "record",
    "register_kind",
    "seal_batch",
    "verify",
]
