"""Keys, set once when the application is put together."""

_keys: dict[str, bytes] = {}


def set_data_key(key: str) -> None:
    """Set the key that keyed digests (and sealed fields) are made with."""
    _keys["data"] = key.encode()


def data_key() -> bytes:
    """Give the key; a KeyError means the application was not put together."""
    return _keys["data"]
