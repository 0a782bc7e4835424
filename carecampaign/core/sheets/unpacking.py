"""Unpack a workbook within bounds, before the parser that trusts what it is given sees it."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from carecampaign.core.sheets.errors import (
    SheetDamaged,
    SheetTooLarge,
    TooManyRows,
    WrongSheetType,
)

LARGEST_UNPACKED = 96 * 1024 * 1024
"""Bytes of all parts together: a directory of 20,000 rows has some 30 MB."""

MOST_PARTS = 1000
MOST_COLUMNS = 256
_NEEDED = re.compile(r"(\[Content_Types\]\.xml|_rels/.*|xl/.*\.(xml|rels))", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CHUNK = 256 * 1024
_LIGHT = 1
"""How hard the copy is packed: a fifth of its size for a tenth of the time of reading it."""

_LONGEST_BEGINNING = 64
"""Bytes of a tag by which it is judged; what a chunk ends with less of waits for the next."""

_ODD_TAG = re.compile(rb"<[^\s>]*:|<!|<[^\s>]{%d}" % (_LONGEST_BEGINNING - 1))
"""A tag with a prefix, a declaration, or a name too long to be one."""

_NEAR_COLUMN = "(?:[A-Z]|[A-H][A-Z]|I[A-V])"
"""The first 256: ``MOST_COLUMNS`` in letters."""

_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,  # cut short
    RuntimeError,  # encrypted, or packed in a way of its own
    ValueError,  # a name that is none
)


def unpack(content: bytes, *, max_rows: int) -> io.BytesIO:
    """Give the same workbook with its text parts only, known to be bounded.

    Macros, pictures and other parts stay behind. The sizes in a zip's directory may lie: each
    part is read no further than it declares. Raises WrongSheetType, SheetDamaged,
    SheetTooLarge or TooManyRows.
    """
    bounded = io.BytesIO()
    far = _cells_beyond(max_rows + 1)  # the headings are a row, too
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book, _for_writing(bounded) as copy:
            for part in _parts(book):
                if _copy(book, part, copy, far):
                    _Extent(max_rows).measure(book.read(part))
    except _DAMAGES as error:
        raise SheetDamaged from error
    bounded.seek(0)
    return bounded


def _parts(book: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = book.infolist()
    if "xl/workbook.xml" not in book.namelist():
        raise WrongSheetType
    if len(entries) > MOST_PARTS:
        raise SheetTooLarge
    needed = [entry for entry in entries if _NEEDED.fullmatch(entry.filename)]
    if sum(entry.file_size for entry in needed) > LARGEST_UNPACKED:
        raise SheetTooLarge
    return needed


def _for_writing(stream: io.BytesIO) -> zipfile.ZipFile:
    return zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LIGHT)


def _copy(
    book: zipfile.ZipFile, part: zipfile.ZipInfo, copy: zipfile.ZipFile, far: re.Pattern[bytes]
) -> bool:
    """Copy a part, a chunk at a time; say whether it has to be walked through."""
    is_doubtful, end = False, b""
    with book.open(part) as source, copy.open(part.filename, "w") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
            seen = end + chunk
            cut = seen.rfind(b"<")
            if cut < 0 or len(seen) - cut > _LONGEST_BEGINNING:
                cut = len(seen)
            whole, end = seen[:cut], seen[cut:]
            is_doubtful = is_doubtful or _is_doubtful(whole, far)
    return is_doubtful or _is_doubtful(end, far)


def _is_doubtful(text: bytes, far: re.Pattern[bytes]) -> bool:
    return bool(far.search(text) or _ODD_TAG.search(text))


def _cells_beyond(last_row: int) -> re.Pattern[bytes]:
    """Make the pattern of a cell that is far out, or that does not begin with where it is.

    A part without any is within bounds, and need not be walked through: that takes longer
    than reading it. The parser goes by the same bytes.
    """
    near = rf'{_NEAR_COLUMN}(?:{"|".join(_numbers_up_to(str(last_row)))})"[ />]'
    return re.compile(rf'<c(?! r="{near})[\s/>]'.encode())


def _numbers_up_to(last: str) -> Iterator[str]:
    """Give patterns that together match the numbers from 0 to ``last``, as text."""
    yield last
    for place, digit in enumerate(last):
        rest = len(last) - place - 1
        if digit != "0":
            yield f"{last[:place]}[0-{int(digit) - 1}][0-9]{{{rest}}}"
    if len(last) > 1:
        yield f"[0-9]{{1,{len(last) - 1}}}"


class _Extent:
    """Walks through one part and refuses a cell far out.

    The parser makes room for the whole rectangle up to the last cell: two cells in opposite
    corners would take half a terabyte. Cells without a value do not count, there and here.
    """

    def __init__(self, max_rows: int) -> None:
        self._max_rows = max_rows
        self._row = 0
        self._column = 0

    def measure(self, text: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse_entities
        for start in range(0, len(text), _CHUNK):
            parser.Parse(text[start : start + _CHUNK], False)  # noqa: FBT003 - expat takes no name
        parser.Parse(b"", True)  # noqa: FBT003

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._place(attributes.get("r"))
        elif tag == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
        elif tag in {"v", "is"} and self._column:
            self._check()

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        found = _REFERENCE.fullmatch(reference.upper())
        if found is None:
            raise SheetDamaged
        self._column = 0
        for letter in found[1]:
            self._column = self._column * 26 + ord(letter) - ord("A") + 1
        self._row = int(found[2])

    def _check(self) -> None:
        if self._row > self._max_rows + 1:  # the headings are a row, too
            raise TooManyRows(self._max_rows)
        if self._column > MOST_COLUMNS:
            raise SheetTooLarge

    def _refuse_entities(self, *_declaration: object) -> NoReturn:
        raise SheetDamaged


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 7:  # noqa: PLR2004 - Excel's last row has seven
        raise SheetDamaged
    return int(text)
