"""Lock a workbook with a password: Excel and WPS ask for it as they open the file."""

import io
import secrets

from msoffcrypto.format.ooxml import OOXMLFile

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No two of them are taken for one another when read out or typed."""

_GROUPS, _IN_A_GROUP = 4, 5
"""Twenty signs of 32: a hundred bits, more than anybody can try."""


def draw_password() -> str:
    """Draw a password to be copied by hand: four groups of five signs."""
    groups = (
        "".join(secrets.choice(_SIGNS) for _sign in range(_IN_A_GROUP))
        for _group in range(_GROUPS)
    )
    return "-".join(groups)


def lock_xlsx(content: bytes, password: str) -> bytes:
    """Encrypt a workbook (AES-256, as ECMA-376 has it); it keeps its ending .xlsx."""
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, locked)
    return locked.getvalue()
