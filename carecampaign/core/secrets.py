"""Keys, set once when the application is put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


@dataclass(frozen=True, eq=False)
class DataKey:
    """A data key: nothing is made with it itself but the digests of the log.

    All else takes a key derived for its one purpose.
    """

    raw: bytes

    @property
    def id(self) -> int:
        """The byte that marks what was sealed with this key."""
        return derive(self, "key id")[0]


_keys: list[DataKey] = []


def set_data_keys(current: str, previous: Sequence[str] = ()) -> None:
    """Set the key that is used, and those used before, the newest of them first.

    Raises ValueError when the ids of two keys are the same: choose another one then.
    """
    keys = [DataKey(key.encode()) for key in dict.fromkeys((current, *previous))]
    if len({key.id for key in keys}) < len(keys):
        raise ValueError("two data keys have the same id")
    _keys[:] = keys


def data_keys() -> tuple[DataKey, ...]:
    """Give the keys, the one that is used first; there is none before the set-up."""
    return tuple(_keys)


def data_key() -> DataKey:
    """Give the key that is used; an IndexError means the application was not put together."""
    return _keys[0]


def oldest_key() -> DataKey:
    """Give the key for what is never written anew: it has to stay in the settings."""
    return _keys[-1]


def digest_key() -> bytes:
    """Give what the digests of the log are keyed with, so that they stay comparable."""
    return oldest_key().raw


@cache
def derive(key: DataKey, purpose: str) -> bytes:
    """Derive the key for one purpose: whoever has it knows nothing of the others."""
    info = f"carecampaign {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key.raw)
