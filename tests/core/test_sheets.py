"""What goes out as a spreadsheet opens as text and numbers, never as a formula."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecampaign.core.sheets import Sheet, to_csv, to_xlsx

DANGEROUS = ["=1+1", "+86 138", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"]
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0xFFFD))


def sheet(*rows, headings=("A", "B"), title="Title"):
    return Sheet(title, headings, rows)


def read_xlsx(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def read_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_stays_text(text):
    assert read_csv(to_csv(sheet([text, ""])))[1][0].startswith("'")
    if text.isprintable():
        cell = read_xlsx(to_xlsx(sheet([text, ""])))["A2"]
        assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["http://example.org", "mailto:a@b.example", "{=1+1}"])
def test_text_that_looks_like_a_link_stays_text(text):
    cell = read_xlsx(to_xlsx(sheet([text, ""])))["A2"]

    assert (cell.value, cell.hyperlink, cell.data_type) == (text, None, "s")


def test_chinese_and_rare_characters_come_back_as_they_were():
    names = ["张三", "𠮷野家", "Ünïcode", "温暖包 🧣"]

    assert read_csv(to_csv(sheet(names, headings=names)))[1] == names
    page = read_xlsx(to_xlsx(sheet(names, headings=names, title="发放登记")))
    assert [cell.value for cell in page[2]] == names
    assert page.title == "发放登记"


@given(printable)
def test_any_text_comes_back_from_csv_as_it_was_or_with_the_guard(text):
    cell = read_csv(to_csv(sheet([text, "x"])))[1][0]

    assert cell in {text, f"'{text}"}


def test_numbers_dates_and_instants_are_what_they_are():
    row = [12, 12.5, date(2026, 11, 24), datetime(2026, 11, 24, 4, 30, tzinfo=UTC), None]
    headings = list("ABCDE")

    page = read_xlsx(to_xlsx(sheet(row, headings=headings)))
    assert [cell.value for cell in page[2]] == [
        12,
        12.5,
        datetime(2026, 11, 24),  # noqa: DTZ001 - spreadsheets know no zones
        datetime(2026, 11, 24, 12, 30),  # noqa: DTZ001 - the time in Shanghai
        None,
    ]
    assert read_csv(to_csv(sheet(row, headings=headings)))[1] == [
        "12",
        "12.5",
        "2026-11-24",
        "2026-11-24 12:30:00",
        "",
    ]


def test_a_negative_number_is_a_number():
    assert read_csv(to_csv(sheet([-5, 0])))[1] == ["-5", "0"]
    assert read_xlsx(to_xlsx(sheet([-5, 0])))["A2"].value == -5


@pytest.mark.parametrize(
    ("title", "name"), [("a/b:c*d?e[f]g\\h'i", "a_b_c_d_e_f_g_h_i"), ("长" * 40, "长" * 31)]
)
def test_a_title_excel_would_refuse_is_made_to_fit(title, name):
    assert read_xlsx(to_xlsx(sheet(title=title))).title == name


def test_several_sheets_make_one_workbook():
    book = openpyxl.load_workbook(
        io.BytesIO(to_xlsx(sheet(title="One"), sheet(title="Two"), sheet(title="")))
    )

    assert book.sheetnames == ["One", "Two", "Sheet"]
