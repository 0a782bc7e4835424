"""A table sent in is read by its columns; every wrong cell is named, nothing is guessed."""

from datetime import date

import pytest

from carecampaign.core import cells
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import Labelled, _l, in_language_of
from carecampaign.core.imports import (
    Column,
    NothingInIt,
    error_sheet,
    one_of,
    refuse_duplicates,
    stage,
    stage_on,
    template_sheets,
)
from carecampaign.core.sheets import Row


class Size(Labelled):
    SMALL = "small", _l("Yes")  # words that are translated
    LARGE = "large", _l("No")


COLUMNS = [
    Column("name", _l("Name"), cells.line_of(5), is_required=True, example="张三"),
    Column("kind", _l("Kind"), one_of(lambda: [(s, s.label) for s in Size], _l("No kind."))),
    Column("date", _l("Date"), cells.day, empty=None, aliases=("日子",)),
]


def table(*rows, inexact=frozenset()):
    return stage(
        [Row(number, tuple(row), inexact) for number, row in enumerate(rows, start=1)], COLUMNS
    )


def messages(staged):
    return [(it.row, it.heading, it.message) for it in staged.sorted_errors()]


@pytest.mark.parametrize(
    "heading", ["Name", "名称", " name ", "* Name", "NAME", "名 称*", "ｎame"]
)
def test_a_column_is_known_by_its_heading_in_any_language(app, heading):
    assert table([heading], ["x"]).rows[0].values == {"name": "x"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_word_of_a_list_is_known_in_any_language(app, language):
    with in_language_of(language):
        staged = table(["name", "kind"], ["a", "是"], ["b", "No"], ["c", "large"], ["d", "?"])

    assert [row.values.get("kind") for row in staged.rows] == [
        Size.SMALL,
        Size.LARGE,
        Size.LARGE,
        None,
    ]
    assert [(it.row, it.text) for it in staged.errors] == [(5, "?")]


def test_rows_are_read_and_short_ones_filled_up(app):
    staged = table(["name", "日子", "kind"], ["张三", "2026年1月2日"], ["李四"])

    assert staged.is_clean
    assert staged.rows[0].values == {"name": "张三", "date": date(2026, 1, 2), "kind": ""}
    assert staged.rows[1].values == {"name": "李四", "date": None, "kind": ""}


def test_a_column_that_is_not_there_is_not_mentioned(app):
    assert table(["name"], ["x"]).keys == {"name"}


def test_what_is_wrong_is_named_by_row_and_column(app):
    with in_language_of("en"):
        staged = table(["kind", "name", "date"], ["", "", "x"], ["", "too long", ""])

    assert messages(staged) == [
        (2, "Name", "This cell may not be empty."),
        (2, "Date", "This is no date. Write it like 2026-11-24."),
        (3, "Name", "At most 5 characters."),
    ]
    assert [list(row) for row in error_sheet(staged).rows][1][2] == "x"


def test_a_missing_or_doubled_column_is_an_error_of_the_headings(app):
    with in_language_of("en"):
        assert messages(table(["kind", "date", "日期"], ["", "", ""])) == [
            (1, "Name", "The column is missing."),
            (1, "Date", "The column is there twice."),
        ]


def test_a_heading_nobody_knows_is_told(app):
    assert table(["name", "Remarks", ""], ["x", "y", "z"]).unknown_headings == ["Remarks"]


def test_titles_above_the_headings_are_passed_over(app):
    staged = table(["Names of 2027", "", ""], ["x"], ["kind", "name", "date"], ["是", "a", ""])

    assert staged.headings.number == 3
    assert [row.values["name"] for row in staged.rows] == ["a"]


def test_what_somebody_said_of_the_columns_goes_before_the_headings(app):
    rows = [Row(1, ("date", "Remarks", "name")), Row(2, ("a", "2026-01-02", "b"))]
    staged = stage(rows, COLUMNS, {0: "name", 1: "date", 2: "nonsense"})

    assert staged.is_clean
    assert staged.rows[0].values == {"name": "a", "date": date(2026, 1, 2)}
    assert staged.unknown_headings == ["name"]


def test_a_long_table_is_read_row_by_row(app):
    read = []

    def rows():
        for number in range(1, 1000):
            read.append(number)
            yield Row(number, ("name" if number == 1 else "a",))

    staged, body = stage_on(rows(), COLUMNS)
    next(body)

    assert len(read) < 20
    assert len(list(body)) == 997
    assert staged.rows == []


def test_a_number_that_lost_digits_is_an_error(app):
    staged = table(["name"], ["110101199003070000"], inexact=frozenset({0}))

    assert len(staged.errors) == 1


def test_a_key_that_repeats_is_blamed_on_the_later_row(app):
    staged = table(["name"], ["a"], ["b"], ["a"])
    refuse_duplicates(staged, "name")

    assert [(error.row, error.text) for error in staged.errors] == [(4, "a")]


@pytest.mark.parametrize("rows", [[], [["name"]]])
def test_a_table_without_rows_is_refused(app, rows):
    with pytest.raises(NothingInIt):
        table(*rows)


def test_the_template_has_an_example_and_says_what_may_stand_where(app):
    with in_language_of("en"):
        filled, explained = template_sheets(COLUMNS)

    assert list(filled.headings) == ["Name", "Kind", "Date"]
    assert list(filled.rows) == [["张三", "", ""]]
    assert [row[:2] for row in explained.rows] == [["Name", "Yes"], ["Kind", "No"], ["Date", "No"]]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24",
        "2026/11/24",
        "2026.11.24",
        "20261124",
        "2026年11月24日",
        "２０２６-11-24",
        "2026-11-24 00:00:00",
        "2026 - 11 - 24",
    ],
)
def test_a_date_is_read_as_people_write_it(text):
    assert cells.day(text) == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "24.11.2026", "45000", "1999-12-31"])
def test_what_is_no_date_is_refused(app, text):
    with pytest.raises(DomainError):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("1,200", 1200), ("１２", 12), ("12.0", 12)]
)
def test_a_whole_number_is_read(text, number):
    read = cells.number_between(0, 5000)(text)

    assert (read, type(read)) == (number, int)


@pytest.mark.parametrize("text", ["12.5", "-1", "5001", "x", "1e3", "9" * 40])
def test_what_is_no_whole_number_within_bounds_is_refused(app, text):
    with pytest.raises(DomainError):
        cells.number_between(0, 5000)(text)


def test_a_number_has_so_many_places_at_most(app):
    read = cells.number_between(-180, 180, places=6)

    assert read("116.404") == 116.404
    with pytest.raises(DomainError):
        read("116.4041234")


@pytest.mark.parametrize(
    ("text", "answer"), [("是", True), ("Yes", True), ("0", False), ("否", False)]
)
def test_yes_and_no_are_read(text, answer):
    assert cells.yes_or_no(text) is answer


def test_neither_yes_nor_no_is_refused(app):
    with pytest.raises(DomainError):
        cells.yes_or_no("maybe")
