"""Whatever a roster holds: it is kept as it was meant, or somebody is told what is wrong."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from carecampaign.access.permissions import Role
from carecampaign.core.forms import new_command_id
from carecampaign.core.sheets import Sheet, to_csv, to_xlsx
from carecampaign.core.text import one_line
from tests.beneficiaries.rosters import HEADINGS, ID, PHONE, a_row, persons, send, table, taken_in
from tests.factories import OccupationFactory, OrganizationFactory, UserFactory
from tests.naughty import NAUGHTY

OLD_EXCEL = Path(__file__).parents[1] / "core" / "workbooks"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def unit(app):
    return OrganizationFactory(name="韵达工会")


@pytest.fixture
def courier(app):
    return OccupationFactory(code="E1", name="快递员", name_en="Courier")


@pytest.fixture
def client(client_for, unit, courier):
    return client_for(UserFactory(role=Role.PLANNER, organization=unit))


def book(write) -> bytes:
    """Make a workbook by a function of it and of its page."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        write(workbook, page)
    return stream.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """Put another part in the place of one of a workbook."""
    stream = io.BytesIO()
    options = {"compression": zipfile.ZIP_DEFLATED, "compresslevel": 1}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", **options) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return stream.getvalue()


def test_full_width_digits_and_numbers_as_text_or_text_as_numbers_are_read(client, unit):
    taken_in(
        client,
        unit,
        table(
            a_row(
                "甲一",
                phone="１３８ ００１３ １２３４",
                id_number=" １１０１０５１９４９１２３１００２ｘ ",
            ),
            [*a_row("乙二")[:3], 13912345678, ""],
            a_row("丙三", phone="'+86 137-1234-5678"[1:]),
        ),
    )

    assert [(one.phone, one.id_number) for one in persons()] == [
        (PHONE, ID),
        ("13912345678", None),
        ("13712345678", None),
    ]


def test_cells_merged_down_hold_for_every_row(client, unit):
    def write(_workbook, page):
        for number, name in enumerate(("甲一", "乙二", "丙三"), start=1):
            page.write_row(number, 0, [name, "快递员", "", f"1380013123{number}"])
        page.merge_range(1, 2, 2, 2, "韵达快递")

    taken_in(client, unit, book(write))

    assert [one.employer for one in persons()] == ["韵达快递", "韵达快递", ""]


def test_a_formula_gives_what_it_was_calculated_as(client, unit):
    def write(_workbook, page):
        page.write_row(1, 1, ["快递员", "韵达快递", PHONE])
        page.write_formula(1, 0, '=CONCATENATE("张","三")', None, "张三")

    taken_in(client, unit, book(write))

    assert [one.name for one in persons()] == ["张三"]


@pytest.mark.parametrize(
    "extra", ["2026-11-24", "2026/11/24", "2026年11月24日", "20261124", 46350]
)
def test_a_date_in_a_column_of_no_use_harms_nothing(client, unit, extra):
    content = table([*a_row(phone=PHONE), extra], headings=[*HEADINGS, "入会日期"])

    taken_in(client, unit, content)

    assert len(persons()) == 1


def test_a_date_where_a_phone_should_be_is_told(client, unit):
    location = send(client, unit, table(a_row(phone="2026-11-24"))).location

    assert "1 cell is wrong" in client.get(location).text


def test_blank_and_repeated_headings_are_told(client, unit):
    headings = ["姓名", "姓名", "工种", "", "手机号"]
    location = send(
        client, unit, table(["张", "三", "快递员", "x", PHONE], headings=headings)
    ).location

    page = client.get(location).text

    assert "The column is there twice." in page
    assert "Column 4, without a heading" in page


def test_an_old_workbook_is_read(client, unit):
    content = (OLD_EXCEL / "roster.xls").read_bytes()

    location = send(client, unit, content, "名册.xls").location
    client.post(f"{location}/apply")

    assert [(one.name, one.employer, one.phone, one.id_number) for one in persons()] == [
        ("张小三", "韵达快递", PHONE, ID),
        ("李四", "韵达快递", "13912345678", None),
    ]


@pytest.mark.parametrize("filename", ["名册.csv", "名册.xlsm", "名册", "名册.xls"])
def test_a_wrong_extension_or_macros_do_not_matter(client, unit, filename):
    content = with_part(table(a_row(phone=PHONE)), "xl/vbaProject.bin", b"\0" * 1000)

    location = send(client, unit, content, filename).location
    client.post(f"{location}/apply")

    assert len(persons()) == 1


def test_a_bomb_and_a_million_rows_are_refused(client, unit):
    bomb = with_part(table(a_row()), SHEET, b"<worksheet>" + b" " * (50 * 1024 * 1024))
    rows = b"<row><c><v>1</v></c></row>" * 1_000_000
    endless = with_part(table(a_row()), SHEET, b"<worksheet><sheetData>" + rows)
    assert len(bomb) < 300_000

    refused = {
        bomb: "no rows below its headings",
        endless: "at most 20000 rows",
        bomb[: len(bomb) // 2]: "damaged or incomplete",
        (OLD_EXCEL / "corners.xls").read_bytes(): "The file is too large.",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old letter": "damaged or incomplete",
    }
    for content, words in refused.items():
        answer = send(client, unit, content)
        assert answer.status_code == 422
        assert words in answer.text
    assert persons() == []


def test_what_looks_like_a_formula_leaves_as_text(client, unit):
    units = ["=1+1", "@SUM(1)", "+86", "-2+3"]
    taken_in(
        client,
        unit,
        table(*(a_row("张三", name, f"1380013123{n}") for n, name in enumerate(units))),
    )

    as_csv = client.get("/persons?format=csv").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/persons?format=xlsx").data))

    assert all(f",'{name}," in as_csv for name in units)
    cells = [row[2] for row in book.active.iter_rows(min_row=2)]
    assert {(cell.value, cell.data_type) for cell in cells} == {(name, "s") for name in units}


def expected(text: str) -> str:
    """Give what is kept of a text in a cell of a .csv: a guard before a formula goes."""
    return one_line(text[1:] if text.startswith("'=") else text)


def test_every_naughty_name_in_a_table_is_kept_as_it_is_or_told(client, unit):
    lines = [line for line in NAUGHTY if "\0" not in line]
    rows = [a_row(name, phone=f"138{number:08d}") for number, name in enumerate(lines)]
    page = client.get(send(client, unit, to_csv(Sheet("t", HEADINGS, rows)), "a.csv").location)
    location = send(client, unit, to_csv(Sheet("t", HEADINGS, rows)), "a.csv").location
    wrong = {row[0] for row in _errors(client, location)}

    right = [row for number, row in enumerate(rows, start=2) if number not in wrong]
    location = send(client, unit, to_csv(Sheet("t", HEADINGS, right)), "a.csv").location
    taken = client.post(f"{location}/apply")

    assert page.status_code == 200
    assert taken.location == "/persons/import"
    assert 0 < len(wrong) < len(rows) / 2
    assert {one.phone: one.name for one in persons()} == {
        row[3]: expected(row[0]) for row in right
    }


def test_the_same_of_a_workbook(client, unit):
    lines = [line for line in NAUGHTY if line.isprintable() and one_line(line) and len(line) <= 50]
    rows = [a_row("张三", line, f"138{number:08d}") for number, line in enumerate(lines)]
    location = send(client, unit, to_xlsx(Sheet("t", HEADINGS, rows))).location
    wrong = {row[0] for row in _errors(client, location)}
    right = [row for number, row in enumerate(rows, start=2) if number not in wrong]

    taken_in(client, unit, to_xlsx(Sheet("t", HEADINGS, right)))

    assert len(right) > 80
    assert {one.phone: one.employer for one in persons()} == {
        row[3]: one_line(row[2]) for row in right
    }


def test_every_naughty_line_as_heading_and_filename_is_no_accident(client, unit):
    lines = [line for line in NAUGHTY if "\0" not in line]
    content = to_csv(Sheet("t", [*HEADINGS, *lines[:200]], [a_row()]))
    location = send(client, unit, content, "x<b>'\u202e.csv").location
    assert client.get(location).status_code == 200
    with_nul = send(client, unit, b"\xe5\xa7\x93\0,\n1,2", "a.csv")
    assert with_nul.status_code == 422


def test_every_naughty_line_in_the_form_of_a_person_is_kept_or_told(client, unit, courier):
    for line in NAUGHTY:
        form = {
            "name": line,
            "employer": line,
            "occupation_id": courier.id,
            "organization_id": unit.id,
            "command_id": new_command_id(),
        }
        answer = client.post("/persons/new", data=form)
        if answer.status_code == 422:
            assert 'class="field__errors"' in answer.text
            continue
        assert answer.status_code == 302
        assert persons()[-1].name == one_line(line)
        assert client.get(answer.location).status_code == 200
    raw = client.post(
        "/persons/new",
        data=b"name=%ED%A0%80&occupation_id=1",
        content_type="application/x-www-form-urlencoded",
    )
    assert raw.status_code == 422
    assert len(persons()) > 100


def test_every_naughty_line_is_looked_for(client):
    for line in NAUGHTY:
        assert client.get("/persons", query_string={"text": line}).status_code == 200


def _errors(client, location) -> list:
    content = client.get(f"{location}/errors").data
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return list(sheet.iter_rows(min_row=2, values_only=True))
