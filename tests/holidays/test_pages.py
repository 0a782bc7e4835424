"""Administrators keep the calendar; everybody on the staff may look at it."""

import io
import uuid
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.core.uploads import StagedUpload
from carecampaign.holidays import services
from carecampaign.holidays.models import DayKind, Holiday
from tests.factories import UserFactory

HEADINGS = "日期,类型,名称\n"
ROW = "2027-02-06,Spring Festival holiday,春节\n"


@pytest.fixture
def administrator(app):
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def client(client_for, administrator):
    return client_for(administrator)


def holidays() -> dict[date, Holiday]:
    db.session.rollback()
    return {row.day: row for row in db.session.scalars(select(Holiday).order_by(Holiday.day))}


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def send(client, text: str, filename: str = "days.csv"):
    file = (io.BytesIO(text.encode() if isinstance(text, str) else text), filename)
    return client.post("/holidays/import", data={"file": file})


def a_range(**changed) -> dict:
    facts = {
        "command_id": str(uuid.uuid4()),
        "first": "2027-02-05",
        "last": "2027-02-07",
        "kind": "spring_festival",
        "name": "春节",
        "name_en": "Spring Festival",
    }
    return facts | changed


def test_a_year_without_days_shows_a_proposal_that_can_be_taken_over(client):
    page = client.get("/holidays?year=2027").text
    assert "Nothing has been entered for 2027" in page
    assert "Feb 6, 2027" in page

    assert client.post("/holidays/take-over", data={"year": 2027}).status_code == 302
    assert holidays()[date(2027, 2, 6)].kind is DayKind.SPRING_FESTIVAL
    assert "Not announced yet" in client.get("/holidays?year=2027").text


def test_taking_over_a_year_that_somebody_began_is_a_conflict(client):
    client.post("/holidays/take-over", data={"year": 2027})

    assert client.post("/holidays/take-over", data={"year": 2027}).status_code == 409


def test_a_computed_year_is_marked_as_announced(client):
    client.post("/holidays/take-over", data={"year": 2027})
    for _twice in range(2):
        client.post("/holidays/confirm", data={"year": 2027})

    assert all(row.is_announced for row in holidays().values())
    assert actions() == ["holidays.take_over", "holidays.confirm"]


@pytest.mark.parametrize("year", ["", "x", "1999", "2200", "²", "9" * 30, "-1"])
def test_a_year_that_is_none_is_this_year(client_for, administrator, year):
    with time_machine.travel(datetime(2026, 11, 24, 4, tzinfo=UTC)):
        client = client_for(administrator)
        assert "Holidays 2026" in client.get("/holidays", query_string={"year": year}).text


def test_each_day_of_a_range_is_entered_and_audited(client):
    form = a_range()
    for _twice in range(2):
        assert client.post("/holidays/new", data=form).status_code == 302

    assert [day.day for day in holidays()] == [5, 6, 7]
    assert actions() == ["holidays.add"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first", "", "This field is required."),
        ("first", "2027-02-30", "Not a valid date"),
        ("first", "0001-01-01", "between 2000 and 2199"),
        ("last", "2027-02-01", "lies before the first"),
        ("last", "2027-12-31", "At most 31 days"),
        ("kind", "workday", "Not a valid choice"),
        ("kind", "", "This field is required."),
        ("name", "长" * 51, "longer than 50"),
        ("name", "\0", "This field is required."),
    ],
)
def test_input_that_cannot_be_is_refused_beside_the_field(client, field, value, words):
    response = client.post("/holidays/new", data=a_range(**{field: value}))

    assert response.status_code == 422
    assert words in response.text
    assert holidays() == {}


def test_a_day_that_is_there_is_not_entered_again(client):
    client.post("/holidays/new", data=a_range())

    response = client.post("/holidays/new", data=a_range(first="2027-02-07", last="2027-02-08"))
    assert response.status_code == 422
    assert "2027-02-07 is in the calendar already." in response.text
    assert len(holidays()) == 3


def test_a_day_is_changed_and_removed(client):
    client.post("/holidays/new", data=a_range())
    holiday = holidays()[date(2027, 2, 7)]
    changed = {"kind": "make_up_workday", "name": "补班", "name_en": "", "is_announced": ""}

    assert client.post(f"/holidays/{holiday.id}/edit", data=changed).status_code == 302
    row = holidays()[date(2027, 2, 7)]
    assert (row.kind, row.name, row.is_announced) == (DayKind.MAKE_UP_WORKDAY, "补班", False)

    assert client.post(f"/holidays/{holiday.id}/remove").status_code == 302
    assert date(2027, 2, 7) not in holidays()
    assert client.get(f"/holidays/{holiday.id}/edit").status_code == 404
    assert actions() == ["holidays.add", "holidays.edit", "holidays.remove"]


@pytest.mark.parametrize("role", [Role.PLANNER, Role.AUDITOR, Role.STOREKEEPER])
def test_the_staff_may_look_and_not_touch(client_for, role):
    client = client_for(UserFactory(role=role))
    services.take_over(2027, by=SYSTEM)
    db.session.commit()

    page = client.get("/holidays?year=2027")
    assert page.status_code == 200
    assert "/edit" not in page.text
    assert client.get("/holidays/export.xlsx?year=2027").status_code == 200
    assert client.get("/holidays/new").status_code == 403
    assert client.post("/holidays/take-over", data={"year": 2028}).status_code == 403


def test_volunteers_have_no_business_here(client_for):
    assert client_for(UserFactory(role=Role.VOLUNTEER)).get("/holidays").status_code == 403


def test_a_table_is_looked_at_before_it_is_applied(client):
    response = send(
        client,
        HEADINGS
        + "2027/2/6,Spring Festival holiday,春节\n2027年2月20日,make-up workday,春节调休\n",
    )
    assert response.status_code == 302
    assert holidays() == {}

    page = client.get(response.location)
    assert "Feb 6, 2027" in page.text
    done = client.post(f"{response.location}/apply")
    assert done.location.endswith("year=2027")
    assert {day: row.kind for day, row in holidays().items()} == {
        date(2027, 2, 6): DayKind.SPRING_FESTIVAL,
        date(2027, 2, 20): DayKind.MAKE_UP_WORKDAY,
    }
    assert actions() == ["holidays.import"]
    assert db.session.scalar(select(StagedUpload)) is None


def test_a_table_is_applied_once(client):
    location = send(client, HEADINGS + ROW).location

    assert client.post(f"{location}/apply").status_code == 302
    assert client.post(f"{location}/apply").status_code == 404
    assert client.get(location).status_code == 404


def test_an_import_changes_days_that_are_there_and_keeps_the_others(client):
    client.post("/holidays/take-over", data={"year": 2027})
    before = len(holidays())
    location = send(client, HEADINGS + "2027-02-06,holiday,改了\n").location
    client.post(f"{location}/apply")

    rows = holidays()
    assert len(rows) == before
    row = rows[date(2027, 2, 6)]
    assert (row.kind, row.name, row.name_en) == (DayKind.HOLIDAY, "改了", "Spring Festival")
    assert row.is_announced


def test_a_table_with_a_wrong_cell_is_not_applied_at_all(client):
    rows = f"{ROW}明天,holiday,春节\n2027-02-06,假,\n"
    location = send(client, HEADINGS + rows).location

    page = client.get(location).text
    for words in (
        "4 cells are wrong",
        "This is no date",
        "Row 2 has the same.",
        "may not be empty",
    ):
        assert words in page
    assert client.post(f"{location}/apply").status_code == 409
    assert holidays() == {}

    errors = openpyxl.load_workbook(io.BytesIO(client.get(f"{location}/errors").data)).active
    assert [cell.value for cell in errors[2]][:1] == [3]


def test_a_column_that_is_missing_is_named(client):
    location = send(client, "日期,备注\n2027-02-06,x\n").location

    page = client.get(location).text
    assert page.count("The column is missing.") == 2
    assert "备注" in page


def test_an_import_can_be_cancelled(client):
    location = send(client, HEADINGS + ROW).location

    assert client.post(f"{location}/discard").status_code == 302
    assert client.get(location).status_code == 404
    assert holidays() == {}


def test_what_others_sent_is_not_theirs_to_see(client, client_for):
    location = send(client, HEADINGS + ROW).location

    other = client_for(UserFactory(role=Role.ADMINISTRATOR))
    assert other.get(location).status_code == 404
    assert other.post(f"{location}/apply").status_code == 404


def test_what_was_not_applied_within_a_day_is_gone(client):
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC)):
        send(client, HEADINGS + ROW)
    send(client, HEADINGS + ROW)

    assert len(list(db.session.scalars(select(StagedUpload)))) == 1


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        ("", "days.csv", "no rows below its headings"),
        (HEADINGS, "days.csv", "no rows below its headings"),
        ("\0\1", "days.csv", "no .xlsx, .xls or .csv file"),
        ("%PDF", "days.pdf", "no .xlsx, .xls or .csv file"),
        ("PK\3\4 not a zip", "days.xlsx", "damaged or incomplete"),
        (
            HEADINGS + ROW * 1001,
            "days.csv",
            "at most 1000 rows",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_beside_the_field(client, content, filename, words):
    response = send(client, content, filename)

    assert response.status_code == 422
    assert words in response.text


def test_no_file_is_no_import(client):
    response = client.post("/holidays/import", data={})

    assert response.status_code == 422
    assert "Choose a file first." in response.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_can_be_imported_again(client_for, administrator, kind, language):
    services.take_over(2027, by=SYSTEM)
    client = client_for(administrator, language)
    exported = client.get(f"/holidays/export.{kind}?year=2027").data
    before = [(d, r.kind, r.name, r.name_en, r.is_announced) for d, r in holidays().items()]

    location = send(client, exported, f"days.{kind}").location
    assert client.post(f"{location}/apply").status_code == 302
    after = [(d, r.kind, r.name, r.name_en, r.is_announced) for d, r in holidays().items()]
    assert after == before


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_can_be_filled_in_and_sent(client_for, administrator, language):
    client = client_for(administrator, language)
    template = client.get("/holidays/template").data

    book = openpyxl.load_workbook(io.BytesIO(template))
    assert len(book.sheetnames) == 2
    location = send(client, template, "template.xlsx").location
    assert client.post(f"{location}/apply").status_code == 302
    assert list(holidays()) == [date(2027, 2, 6)]


@pytest.fixture
def in_february_2027():
    with time_machine.travel(datetime(2027, 2, 8, 4, 0, tzinfo=UTC), tick=False):
        yield


def test_a_month_hangs_beside_the_list_and_marks_today(in_february_2027, client):
    client.post("/holidays/new", data=a_range())

    page = client.get("/holidays").text

    assert "February 2027" in page
    assert page.count('<time datetime="2027-02-') == 28
    today = page.partition('aria-current="date"')[2]
    assert 'datetime="2027-02-08"' in today.partition("</td>")[0]
    assert page.count("month__day--spring_festival") == 3 + 1  # the days, and the legend


@pytest.mark.parametrize(
    ("query", "month"),
    [
        ("year=2027&month=12", "December 2027"),
        ("year=2028", "January 2028"),
        ("year=2027&month=13", "February 2027"),
        ("year=2027&month=x", "February 2027"),
    ],
)
def test_any_month_can_be_turned_to(in_february_2027, client, query, month):
    assert f'<h2 class="card-title">{month}</h2>' in client.get(f"/holidays?{query}").text


def test_the_calendar_has_a_first_and_a_last_month(client):
    assert "Month before" not in client.get("/holidays?year=2000&month=1").text
    assert "Next month" not in client.get("/holidays?year=2199&month=12").text
