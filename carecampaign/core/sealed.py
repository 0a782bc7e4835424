"""Columns whose values are encrypted at rest, and the keyed hash beside them to look up by.

A sealed value is the id of its key (one byte), a nonce and what AES-GCM made of the text, with
``table.column`` as associated data: moved to another column it opens no more. A blind index is
equal for equal texts, and tells nothing without the key.
"""

import hmac
import os
from functools import cache, lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Dialect, LargeBinary, and_, func, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from carecampaign.core import secrets
from carecampaign.core.secrets import DataKey

NONCE_BYTES = 12
INDEX_BYTES = 16
"""Enough that two of a billion texts never meet, half of what the hash gives."""


class CannotOpen(Exception):
    """A sealed value whose key is not in the settings, or that was tampered with."""


def seal(content: bytes, place: str) -> bytes:
    """Encrypt what is to stand at ``place``, with the key that is used."""
    key = secrets.data_key()
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, content, place.encode())
    return bytes([key.id]) + nonce + sealed


def unseal(sealed: bytes, place: str) -> bytes:
    """Give what was sealed for ``place``, with whichever key it was. Raises CannotOpen."""
    nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    key = _key_by_id(sealed[0], place)
    try:
        return _cipher(key).decrypt(nonce, content, place.encode())
    except InvalidTag as error:
        raise CannotOpen(place) from error


@cache
def _cipher(key: DataKey) -> AESGCM:
    return AESGCM(secrets.derive(key, "sealing"))


def _key_by_id(key_id: int, place: str) -> DataKey:
    for key in secrets.data_keys():
        if key.id == key_id:
            return key
    raise CannotOpen(f"{place}: no key with the id {key_id}")


def blind_index(text: str, place: str) -> bytes:
    """Give the keyed hash of a text at ``place``, with the key that is used."""
    return _index(secrets.data_key(), text, place)


def blind_indexes(text: str, place: str, *, made: bytes | None = None) -> list[bytes]:
    """Give what a text may be found by while a rotation is under way: a hash for every key.

    ``made`` is that of the key that is used, where it is known already.
    """
    current, *others = secrets.data_keys()
    return [made or _index(current, text, place), *(_index(key, text, place) for key in others)]


def blind_index_of_few(text: str, place: str) -> bytes:
    """Give the same as ``blind_index``, of a text that is one of a few thousand there are."""
    return _index_of_few(secrets.data_key(), text, place)


def lasting_index(text: str, place: str) -> bytes:
    """Give the keyed hash of a text that nobody can read again to make the hash anew.

    It is made with the oldest key, and so the same after every change of the data key.
    """
    return _index(secrets.oldest_key(), text, place)


def _index(key: DataKey, text: str, place: str) -> bytes:
    message = f"{place}\0{text}".encode()
    return hmac.digest(secrets.derive(key, "blind index"), message, "sha256")[:INDEX_BYTES]


_index_of_few = lru_cache(maxsize=32_768)(_index)


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that are encrypted at rest; ``place`` is ``table.column``."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else seal(value, self.place)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else unseal(bytes(value), self.place)


class Sealed(TypeDecorator[str]):
    """Text that is encrypted at rest; ``place`` is ``table.column``."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else seal(value.encode(), self.place)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else unseal(bytes(value), self.place).decode()


def is_of_an_old_key(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Give the condition that a sealed column holds a value of another key than the one used."""
    raw = type_coerce(column, LargeBinary)
    first = func.substr(raw, 1, 1, type_=LargeBinary)
    return and_(raw.is_not(None), first != bytes([secrets.data_key().id]))
