"""The codes of cards: 128 random bits for the QR code, and a short form for the keyboard."""

import re
import secrets
import unicodedata

from stdnum import luhn

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as another one or as a digit."""

CODE_LENGTH = 26
SHORT_LENGTH = 12
"""Eleven signs of the code (55 bits) and a check sign, by Luhn's sum over 32 signs."""

_GROUP = 4
_BITS = 128
_BASE = len(SIGNS)
_MISREAD = str.maketrans("ILO", "110")
_ADDRESS = re.compile(r".*/C/(?P<code>[^/?#]+)", re.DOTALL)
_FILLING = re.compile(r"[\s\-‐-―]+")


def draw_code() -> str:
    """Draw the code of a new card, as its QR code says it."""
    number, signs = secrets.randbits(_BITS), []
    for _place in range(CODE_LENGTH):
        number, sign = divmod(number, _BASE)
        signs.append(SIGNS[sign])
    return "".join(signs)


def short_form(code: str) -> str:
    """Give what of a code people type, without a gap: its beginning and the check sign."""
    beginning = code[: SHORT_LENGTH - 1]
    return beginning + luhn.calc_check_digit(beginning, SIGNS)


def as_printed(code: str) -> str:
    """Give the short form of a code as it stands on the card: K7M2-P9XQ-4TWD."""
    short = short_form(code)
    return "-".join(short[at : at + _GROUP] for at in range(0, SHORT_LENGTH, _GROUP))


def read_code(text: str) -> str | None:
    """Read a code in any spelling: the whole one, the address in the QR code, the short form.

    Gives CODE_LENGTH signs, or SHORT_LENGTH signs whose check sign is right; else None.
    """
    signs = unicodedata.normalize("NFKC", text).upper()
    if (address := _ADDRESS.fullmatch(signs)) is not None:
        signs = address["code"]
    code = _FILLING.sub("", signs).translate(_MISREAD)
    if not set(code) <= set(SIGNS):
        return None
    if len(code) == SHORT_LENGTH:
        return code if luhn.is_valid(code, SIGNS) else None
    return code if len(code) == CODE_LENGTH else None
