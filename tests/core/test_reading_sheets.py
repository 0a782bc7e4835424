"""What people send as a spreadsheet is read as text, or refused in plain words."""

import io
import struct
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from carecampaign.core.sheets import (
    Sheet,
    SheetDamaged,
    SheetTooLarge,
    TooManyRows,
    WrongSheetType,
    read_sheet,
    to_csv,
    to_xlsx,
)

WORKBOOKS = Path(__file__).parent / "workbooks"
printable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Zl", "Zp"]))


def book(*cells, write=None) -> bytes:
    """Make a workbook of (row, column, value), counted from 0."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for cell in cells:
            page.write(*cell)
        if write is not None:
            write(workbook, page)
    return stream.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """Replace a part of a workbook, or add one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def rows(content: bytes, filename: str = "a.xlsx", **options) -> list[tuple[int, tuple[str, ...]]]:
    return [
        (row.number, row.cells) for row in read_sheet(io.BytesIO(content), filename, **options)
    ]


def cell(content: bytes) -> str:
    return rows(content)[0][1][0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13800138000, "13800138000"),
        (12.5, "12.5"),
        (-3, "-3"),
        (True, "1"),
        (" 张三 ", "张三"),
        ("e\u0301", "\u00e9"),
        ("=1+1", "0"),  # a formula that nobody calculated yet
    ],
)
def test_a_cell_reads_as_it_would_be_typed(value, text):
    assert cell(book((0, 0, value))) == text


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (date(2026, 11, 24), "yyyy-mm-dd", "2026-11-24"),
        (datetime(2026, 11, 24, 9, 30), "yyyy-mm-dd hh:mm", "2026-11-24 09:30:00"),  # noqa: DTZ001
        (0.375, "hh:mm", "09:00"),
    ],
)
def test_days_and_times_read_as_such(value, form, text):
    def write(workbook, page):
        page.write(0, 0, value, workbook.add_format({"num_format": form}))

    assert cell(book(write=write)) == text


def test_rows_keep_the_numbers_the_spreadsheet_shows_and_empty_ones_go():
    assert rows(book((1, 1, "head"), (4, 0, "x"), (5, 0, " "))) == [
        (2, ("", "head")),
        (5, ("x", "")),
    ]


def test_a_long_number_that_lost_digits_is_marked():
    found = read_sheet(io.BytesIO(book((0, 0, 110101199003070000), (0, 1, 999999999999999))), "a")

    assert found[0].inexact == {0}


def test_only_the_first_sheet_is_read():
    def write(workbook, page):
        page.write(0, 0, "first")
        workbook.add_worksheet().write(0, 0, "second")

    assert rows(book(write=write)) == [(1, ("first",))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encodings_used_here(encoding, delimiter):
    text = f"姓名{delimiter}单位\n张三{delimiter}美团\n".encode(encoding)

    assert rows(text, "名单.CSV") == [(1, ("姓名", "单位")), (2, ("张三", "美团"))]


def test_a_cell_of_a_csv_may_hold_lines_and_delimiters():
    assert rows(b'a,b\r\n"x\r\ny","1,2"\r\n', "a.csv")[1] == (2, ("x\r\ny", "1,2"))


@pytest.mark.parametrize("write", [to_xlsx, to_csv])
@given(texts=st.lists(printable, min_size=2, max_size=4))
def test_what_was_written_comes_back(write, texts):
    sheet = Sheet("Title", ["h"] * len(texts), [texts])
    name = "a.xlsx" if write is to_xlsx else "a.csv"

    found = rows(write(sheet), name)
    expected = [unicodedata.normalize("NFC", text).strip() for text in texts]
    assert [list(cells) for _number, cells in found[1:]] == ([expected] if any(expected) else [])


def test_text_that_looks_like_a_formula_loses_its_guard_again():
    assert rows(to_csv(Sheet("t", ["h"], [["=1+1"], ["+86 10"], ["'quoted"]])), "a.csv")[1:] == [
        (2, ("=1+1",)),
        (3, ("+86 10",)),
        (4, ("'quoted",)),
    ]


def test_an_old_workbook_reads_as_a_new_one_and_cells_merged_down_read_alike():
    found = rows((WORKBOOKS / "roster.xls").read_bytes(), "名册.xls")

    assert found[0] == (1, ("幸福街道花名册", "", "", "", "", ""))
    assert found[2][1][2:] == ("韵达快递", "13800131234", "11010519491231002X", "2026-01-02")
    assert found[3][1][:3] == ("李四", "快递员", "韵达快递")


def test_an_old_workbook_that_asks_for_all_memory_is_refused():
    with pytest.raises(SheetTooLarge):
        rows((WORKBOOKS / "corners.xls").read_bytes(), "a.xls")


@pytest.mark.parametrize("content", [b"old Excel", b"\0" * 5000])
def test_an_old_document_that_is_no_workbook_is_refused(content):
    with pytest.raises(SheetDamaged):
        rows(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content, "a.xls")


def test_cells_merged_down_read_what_the_first_holds():
    def write(_workbook, page):
        page.merge_range(0, 0, 0, 1, "title")
        page.merge_range(1, 1, 3, 1, "down")
        page.write_column(1, 2, ["x", "y", ""])
        page.write(4, 2, "z")

    assert [cells for _number, cells in rows(book(write=write))] == [
        ("title", "", ""),
        ("", "down", "x"),
        ("", "down", "y"),
        ("", "", "z"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        b"<c r='XFD1048576'><v>1</v></c>",
        b'<c r="A&#49;048576"><v>1</v></c>',
        b'<x:c r="XFD1048576"><x:v>1</x:v></x:c>',
        b'<c s="1" r="XFD1048576"><v>1</v></c>',
        b'<c\tr="XFD1048576"><v>1</v></c>',
    ],
)
@pytest.mark.parametrize("before", [0, 262_000, 262_130])
def test_a_cell_far_out_is_found_however_it_is_written(cell, before):
    space = b' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = b"<worksheet%b><sheetData><row>%b%b</row></sheetData></worksheet>"
    text = sheet % (space, b" " * before, cell)

    with pytest.raises((SheetTooLarge, SheetDamaged, TooManyRows)):
        rows(with_part(book((0, 0, "x")), "xl/worksheets/sheet1.xml", text))


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"%PDF-1.7", "a.pdf"),
        (b"\0\1\2", "a.csv"),
        ("姓名".encode("utf-16"), "a.csv"),
        (b"a,b", "a.docx"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(content, filename):
    with pytest.raises(WrongSheetType):
        read_sheet(io.BytesIO(content), filename)


def test_a_zip_that_is_no_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    with pytest.raises(WrongSheetType):
        rows(stream.getvalue())


def test_a_workbook_cut_short_anywhere_is_refused():
    content = book((0, 0, "x"), (3, 3, 4))
    for length in range(4, len(content) - 1, 97):
        with pytest.raises((SheetDamaged, WrongSheetType)):
            rows(content[:length])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("xl/workbook.xml", b""),
        ("xl/workbook.xml", b"<workbook>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", b"not xml"),
        ("xl/worksheets/sheet1.xml", b'<c r="A0x"><v>1</v></c>'),
        ("xl/worksheets/sheet1.xml", b'<row r="-1"><c><v>1</v></c></row>'),
        ("xl/sharedStrings.xml", b"\xff\xfe"),
        (
            "xl/worksheets/sheet1.xml",
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        ),
    ],
)
def test_parts_that_are_damaged_are_refused(name, text):
    with pytest.raises(SheetDamaged):
        rows(with_part(book((0, 0, "x")), name, text))


def test_two_cells_in_opposite_corners_are_refused_before_room_is_made_for_them():
    with pytest.raises(TooManyRows):
        rows(book((0, 0, "x"), (1_048_575, 16_383, "y")))
    with pytest.raises(SheetTooLarge):
        rows(book((0, 0, "x"), (0, 16_383, "y")))


def test_formats_down_to_the_last_row_are_no_rows():
    def write(workbook, page):
        page.write(0, 0, "head")
        page.write(1, 0, "x")
        page.write_blank(1_048_575, 3, None, workbook.add_format({"bold": True}))

    assert len(rows(book(write=write), max_rows=10)) == 2


def test_a_part_that_unpacks_to_more_than_anybody_writes_is_refused_unread():
    bomb = with_part(book((0, 0, "x")), "xl/media.xml", b" " * (100 * 1024 * 1024))
    assert len(bomb) < 200_000

    with pytest.raises(SheetTooLarge):
        rows(bomb)


def test_a_size_that_lies_is_found_out():
    content = bytearray(with_part(book((0, 0, "x")), "xl/zz.xml", b"<x>" + b" " * 9_000 + b"</x>"))
    entry = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 10)  # the size unpacked, in the directory

    with pytest.raises(SheetDamaged):
        rows(bytes(content))


def test_too_many_parts_are_refused():
    stream = io.BytesIO(book((0, 0, "x")))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(1001):
            archive.writestr(f"xl/p{number}.xml", "<x/>")

    with pytest.raises(SheetTooLarge):
        rows(stream.getvalue())


def test_macros_and_pictures_are_not_looked_at():
    content = with_part(book((0, 0, "x")), "xl/vbaProject.bin", b"\0" * 1000)

    assert rows(content, "a.xlsm") == [(1, ("x",))]


@pytest.mark.parametrize("write", [to_xlsx, to_csv])
def test_the_headings_do_not_count_among_the_rows(write):
    name = "a.xlsx" if write is to_xlsx else "a.csv"
    content = write(Sheet("t", ["h"], [["x"]] * 3))

    assert len(rows(content, name, max_rows=3)) == 4
    with pytest.raises(TooManyRows):
        rows(content, name, max_rows=2)


def test_a_csv_with_a_column_too_many_is_refused():
    with pytest.raises(SheetTooLarge):
        rows(b"," * 300, "a.csv")


def test_a_csv_with_a_cell_too_long_is_refused():
    with pytest.raises(SheetDamaged):
        rows(b'"' + b"x" * 200_000 + b'"', "a.csv")
