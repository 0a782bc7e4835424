"""Text as people type and paste it, made fit to be kept and shown."""

import unicodedata

_NOT_FOR_PRINT = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Controls, surrogates, private and unassigned signs, line ends; joiners of emoji stay."""


def printable(text: str) -> str:
    """Give the text composed (NFC), a space for each sign that has no place on a page."""
    return "".join(
        " " if unicodedata.category(sign) in _NOT_FOR_PRINT else sign
        for sign in unicodedata.normalize("NFC", text)
    )


def one_line(text: str) -> str:
    """Give the text as one line, trimmed, with single spaces."""
    return " ".join(printable(text).split())


def paragraphs(text: str) -> str:
    """Give the text with its line ends kept, nothing behind a line and nothing around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(printable(line).rstrip() for line in lines).strip()
