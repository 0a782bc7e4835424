"""Text as people type and paste it, made fit to be kept and shown."""

import unicodedata

_NOT_FOR_PRINT = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Controls, surrogates, private and unassigned signs, line ends; joiners of emoji stay."""


def printable(text: str, *, but: str = "") -> str:
    """Give the text composed (NFC), a space for each sign that has no place on a page.

    Signs of ``but`` stay in any case.
    """
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # which is stricter, and faster
        return composed
    return "".join(
        " " if unicodedata.category(sign) in _NOT_FOR_PRINT and sign not in but else sign
        for sign in composed
    )


def one_line(text: str) -> str:
    """Give the text as one line, trimmed, with single spaces."""
    return " ".join(printable(text).split())


def paragraphs(text: str) -> str:
    """Give the text with its line ends kept, nothing behind a line and nothing around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(printable(line).rstrip() for line in lines).strip()
