"""A roster as a table: looked at, merged as a whole or not at all, never half."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.beneficiaries.services import roster
from carecampaign.core.db import db
from carecampaign.core.uploads import StagedUpload
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.tasks import run_job
from tests.beneficiaries.rosters import (
    HEADINGS,
    ID,
    PHONE,
    a_row,
    persons,
    send,
    table,
    taken_in,
)
from tests.factories import OccupationFactory, OrganizationFactory, PersonFactory, UserFactory


@pytest.fixture
def union(app):
    return OrganizationFactory(name="幸福街道总工会")


@pytest.fixture
def unit(union):
    return OrganizationFactory(name="韵达工会", parent=union)


@pytest.fixture(autouse=True)
def courier(app):
    return OccupationFactory(code="E1", name="快递员", name_en="Courier")


@pytest.fixture
def planner(union):
    return UserFactory(role=Role.PLANNER, organization=union)


@pytest.fixture
def client(client_for, planner, unit):
    return client_for(planner)


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_roster_is_looked_at_and_then_kept(client, unit):
    content = table(
        a_row("单小龙", phone="138 0013 1234", id_number=ID),
        a_row("李四", phone="13912345678"),
        ["王五", "E1", "", "", "002x"],
    )

    location = send(client, unit, content).location
    preview = client.get(location).text
    assert persons() == []
    done = client.post(f"{location}/apply")

    assert "138****1234" in preview
    assert PHONE not in preview
    assert done.location == "/persons/import"
    assert "3 persons added, 0 merged, 0 were there already." in client.get(done.location).text
    first, _second, third = persons()
    assert (first.name, first.pinyin, first.phone, first.id_number) == (
        "单小龙",
        "shanxiaolong",
        PHONE,
        ID,
    )
    assert first.organization_id == unit.id
    assert (third.phone, third.id_number, third.employer) == (None, "002X", "")
    assert "单小龙" in client.get("/persons?text=sxl").text
    assert "单小龙" in client.get("/persons?text=1234").text


def test_the_file_goes_with_the_merge_and_the_report_stays(client, unit):
    taken_in(client, unit, table(a_row(phone=PHONE), a_row("李四")))

    assert count(StagedUpload) == 1
    page = client.get("/persons/import").text
    path = page.split('href="/persons/import/reports/')[1].split('"')[0]
    report = client.get(f"/persons/import/reports/{path}").data
    sheet = openpyxl.load_workbook(io.BytesIO(report)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[:2] for row in rows[1:]] == [(2, "张小三"), (3, "李四")]
    assert rows[1][3] == "138****1234"
    assert {row[5] for row in rows[1:]} == {"added"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (a_row(name=""), "This cell may not be empty."),
        (["张三", "宇航员", "", "", ""], "This occupation is not known here."),
        (a_row(phone="1380013"), "A mobile number has 11 digits, this one 7."),
        (a_row(id_number="110105194912310020"), "The last character does not fit"),
        (a_row(name=f"张三{PHONE}"), "Write no phone or ID number here."),
        (a_row(name="长" * 51), "At most 50 characters."),
    ],
)
def test_one_wrong_cell_keeps_everybody_out(client, unit, row, words):
    location = send(client, unit, table(a_row("李四"), row)).location
    preview = client.get(location).text

    refused = client.post(f"{location}/apply")

    assert words in preview
    assert refused.location == location
    assert persons() == []
    assert words in str(_errors(client, location))


def test_a_wrong_number_is_shown_without_its_middle(client, unit):
    wrong = "110105194912310020"
    location = send(client, unit, table(a_row(id_number=wrong))).location

    for shown in (client.get(location).text, str(_errors(client, location))):
        assert "110***********0020" in shown
        assert wrong not in shown


def test_a_number_that_lost_digits_is_told(client, unit):
    location = send(client, unit, table([*a_row()[:4], 110105194912310020])).location

    assert "lost digits" in client.get(location).text


def test_the_same_person_twice_in_a_table_is_refused(client, unit):
    content = table(
        a_row("张三", id_number=ID),
        a_row("张三", id_number=ID.lower()),
        a_row("李四", phone=PHONE),
        a_row("李 四", phone=PHONE),
        a_row("王五", phone=PHONE),
        a_row("赵六"),
        a_row("赵六"),
        a_row("赵六", employer="别的单位"),
    )

    preview = client.get(send(client, unit, content).location).text

    assert "This is the person of row 2 once more." in preview
    assert "This is the person of row 4 once more." in preview
    assert "This is the person of row 7 once more." in preview
    assert "3 cells are wrong" in preview


def test_the_same_id_or_the_same_name_and_phone_is_merged(client, unit, courier):
    by_id = PersonFactory(name="张三", organization=unit, occupation=courier, id_number=ID)
    by_phone = PersonFactory(
        name="李四", organization=unit, occupation=courier, phone=PHONE, employer="中通"
    )
    db.session.commit()

    taken_in(
        client,
        unit,
        table(a_row("张三", "", "13912345678", ID), a_row("李四", "中通", PHONE, "")),
    )

    assert len(persons()) == 2
    assert (by_id.phone, by_id.employer) == ("13912345678", "Some platform")
    assert by_phone.id_number is None
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        "beneficiaries.edit_person",
        "beneficiaries.import",
        "jobs.request",
    ]
    assert "13912345678" not in str([entry.changes for entry in entries])
    assert entries[1].changes["changed_persons"] == 1


def test_the_last_four_do_not_replace_a_whole_id_number(client, unit, courier):
    person = PersonFactory(
        name="张三", organization=unit, occupation=courier, phone=PHONE, id_number=ID
    )
    db.session.commit()

    taken_in(client, unit, table(a_row("张三", "", PHONE, "002X")))

    assert [one.id_number for one in persons()] == [ID]
    assert person.id_number == ID


def test_an_id_number_of_another_name_is_an_error(client, unit):
    PersonFactory(name="张三", organization=unit, id_number=ID)
    db.session.commit()

    location = send(client, unit, table(a_row("李四", id_number=ID))).location

    assert "This ID number is kept of somebody of another name." in client.get(location).text


def test_two_rows_of_one_person_that_is_kept_are_told(client, unit, courier):
    PersonFactory(name="张三", organization=unit, occupation=courier, phone=PHONE, id_number=ID)
    db.session.commit()
    content = table(a_row("张三", id_number=ID), a_row("张三", phone=PHONE))

    location = send(client, unit, content).location

    assert "This is the person of row 2 once more." in client.get(location).text


def test_a_membership_number_twice_and_a_union_nobody_knows_are_told(client, unit):
    headings = [*HEADINGS, "会员证号", "所属工会"]
    content = table(
        [*a_row("张三"), "ABCD1234", unit.name],
        [*a_row("李四"), "abcd1234", ""],
        [*a_row("王五"), "", "无此工会"],
        headings=headings,
    )

    page = client.get(send(client, unit, content).location).text

    assert "This is the person of row 2 once more." in page
    assert "You keep no persons for an organization of this name." in page


def test_what_was_read_to_be_looked_at_is_never_kept(app, unit):
    read = roster.read_roster(table(a_row(phone=PHONE)), "a.xlsx", max_rows=9, by=SYSTEM)

    with pytest.raises(ValueError, match="looked at"):
        roster.keep_roster(read, unit, probably=None, by=SYSTEM)
    assert persons() == []


def test_who_is_probably_there_is_judged_by_a_person(client, unit, courier):
    known = PersonFactory(
        name="张小三", organization=unit, occupation=courier, employer="韵达快递"
    )
    db.session.commit()
    location = send(client, unit, table(a_row(phone=PHONE))).location

    preview = client.get(location).text
    undecided = client.post(f"{location}/apply")
    assert "To be judged" in preview
    assert f"№ {known.id}" in preview
    assert undecided.status_code == 422
    assert "Choose one of the two." in undecided.text
    assert len(persons()) == 1

    client.post(f"{location}/apply", data={"probably": "same"})
    assert [one.phone for one in persons()] == [PHONE]


def test_a_roster_sent_again_changes_nothing(client, unit):
    content = table(a_row("张三", phone=PHONE), a_row("李四", id_number="002X"))
    taken_in(client, unit, content)

    done = taken_in(client, unit, content)

    assert "0 persons added, 0 merged, 2 were there already." in client.get(done.location).text
    assert len(persons()) == 2


def test_who_is_somebody_else_is_added(client, unit, courier):
    PersonFactory(name="张小三", organization=unit, occupation=courier, employer="韵达快递")
    db.session.commit()

    taken_in(client, unit, table(a_row(phone=PHONE)), probably="others")

    assert [one.phone for one in persons()] == [None, PHONE]


def test_another_phone_tells_two_of_the_same_name_apart(client, unit, courier):
    PersonFactory(
        name="张小三", organization=unit, occupation=courier, employer="韵达快递", phone=PHONE
    )
    db.session.commit()

    taken_in(client, unit, table(a_row(phone="13912345678")))

    assert len(persons()) == 2


def test_one_of_several_of_a_name_cannot_be_told(client, unit, courier):
    PersonFactory.create_batch(
        2, name="张小三", organization=unit, occupation=courier, employer="韵达快递"
    )
    db.session.commit()

    preview = client.get(send(client, unit, table(a_row())).location).text

    assert "2 persons of this name and unit are kept" in preview


def test_a_strangers_persons_are_neither_merged_nor_told(client, unit):
    PersonFactory(name="张小三", employer="韵达快递", id_number=ID)
    db.session.commit()

    taken_in(client, unit, table(a_row(id_number=ID)))

    assert len(persons()) == 2


def test_a_union_named_in_the_table_keeps_its_own(client, union, unit):
    content = table([*a_row(), unit.name], [*a_row("李四"), ""], headings=[*HEADINGS, "所属工会"])

    taken_in(client, union, content)

    assert [one.organization_id for one in persons()] == [unit.id, union.id]


def test_headings_in_any_words_and_a_file_in_gb18030_are_read(client, unit):
    content = "职工姓名,职业,所属平台,联系电话\n张小三,快递员,韵达,１３８００１３１２３４\n"

    location = send(client, unit, content.encode("gb18030"), "名册.csv").location
    client.post(f"{location}/apply")

    assert [(one.name, one.phone) for one in persons()] == [("张小三", PHONE)]


def test_the_template_can_be_sent_back_as_it_is(client, unit):
    content = client.get("/persons/import/template").data

    location = send(client, unit, content).location

    assert "Wrong cells" not in client.get(location).text


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (b"", "a.xlsx", "This is no .xlsx, .xls or .csv file."),
        (b"PK\x03\x04 broken", "a.xlsx", "damaged or incomplete"),
        (b"%PDF-1.7", "a.pdf", "This is no .xlsx, .xls or .csv file."),
        ("姓名,工种\n".encode(), "a.csv", "no rows below its headings"),
    ],
)
def test_a_file_that_is_no_table_is_refused(client, unit, content, filename, words):
    response = send(client, unit, content, filename)

    assert response.status_code == 422
    assert words in response.text


def test_a_missing_column_is_named(client, unit):
    location = send(client, unit, table(["张三"], headings=["姓名"])).location

    assert "The column is missing." in client.get(location).text


def test_an_import_can_be_given_up(client, unit):
    location = send(client, unit, table(a_row())).location

    client.post(f"{location}/discard")

    assert count(StagedUpload) == 0
    assert client.get(location).status_code == 404
    assert client.post(f"{location}/apply").status_code == 404


def test_only_who_sent_a_roster_sees_it(client_for, client, union, unit):
    location = send(client, unit, table(a_row())).location
    taken_in(client, unit, table(a_row("李四")))
    report = db.session.scalars(
        select(StagedUpload.id).where(StagedUpload.purpose == "beneficiaries.import-report")
    ).one()
    others = (
        UserFactory(role=Role.PLANNER, organization=union),
        UserFactory(role=Role.PLANNER),
    )
    for other in others:
        stranger = client_for(other)
        assert stranger.get(location).status_code == 404
        assert stranger.get(f"{location}/errors").status_code == 404
        assert stranger.post(f"{location}/apply").status_code == 404
        assert stranger.post(f"{location}/discard").status_code == 404
        assert stranger.get(f"/persons/import/reports/{report}").status_code == 404


def test_nobody_is_imported_for_a_union_out_of_reach(client, unit):
    stranger = OrganizationFactory()
    db.session.commit()

    assert send(client, stranger, table(a_row())).status_code == 422
    location = send(client, unit, table(a_row())).location
    other = location.replace(f"/{unit.id}/", f"/{stranger.id}/")
    assert client.get(other).status_code == 404


def test_a_long_roster_is_a_job_that_takes_effect_once(client, unit, monkeypatch):
    monkeypatch.setattr("carecampaign.beneficiaries.views.roster.MOST_AT_ONCE", 1)
    location = send(client, unit, table(a_row("张三"), a_row("李四"))).location

    first = client.post(f"{location}/apply")
    second = client.post(f"{location}/apply")

    assert first.location == second.location
    job = db.session.scalars(select(Job)).one()
    assert PHONE not in str(job.arguments)
    db.session.rollback()
    run_job(job.id)
    run_job(job.id)
    db.session.refresh(job)
    assert job.state is JobState.DONE
    assert [one.name for one in persons()] == ["张三", "李四"]
    assert "2 persons added" in client.get(first.location).text


def test_a_job_whose_asker_lost_the_role_does_nothing(client, planner, unit, monkeypatch):
    monkeypatch.setattr("carecampaign.beneficiaries.views.roster.MOST_AT_ONCE", 0)
    location = send(client, unit, table(a_row())).location
    client.post(f"{location}/apply")
    planner.is_active = False
    db.session.commit()

    run_job(db.session.scalars(select(Job.id)).one())

    assert db.session.scalars(select(Job)).one().state is JobState.FAILED
    assert persons() == []


def _errors(client, location) -> list:
    content = client.get(f"{location}/errors").data
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return list(sheet.iter_rows(values_only=True))


@pytest.fixture
def command(app, tmp_path):
    def run(content: bytes, *options: str):
        db.session.commit()
        file = tmp_path / "roster.xlsx"
        file.write_bytes(content)
        return app.test_cli_runner().invoke(args=["beneficiaries", "import", str(file), *options])

    return run


def numbers_leading(output: str) -> list[str]:
    """Give the first number of each line: the row it is about, in whichever language."""
    found = (re.search(r"\d+", line) for line in output.splitlines())
    return [number[0] for number in found if number]


def test_the_command_keeps_persons_at_the_head_of_the_tree_or_a_unit(command, union, unit):
    first = command(table(a_row()))
    second = command(table(a_row("李四")), "--unit", unit.name)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert [one.organization_id for one in persons()] == [union.id, unit.id]


def test_the_command_names_every_bad_row_and_keeps_nobody(command, union):
    result = command(table(a_row(phone="1380013"), a_row("李四"), a_row("", id_number="1")))

    assert result.exit_code == 1
    assert numbers_leading(result.output)[:3] == ["2", "4", "4"]
    assert "1380013" not in result.output
    assert persons() == []


def test_the_command_asks_about_who_is_probably_there(command, union, courier):
    PersonFactory(name="张小三", organization=union, occupation=courier, employer="韵达快递")

    asked = command(table(a_row()))
    told = command(table(a_row()), "--probably", "same")

    assert asked.exit_code == 1
    assert numbers_leading(asked.output)[0] == "2"
    assert "--probably" in asked.output
    assert told.exit_code == 0
    assert len(persons()) == 1


@pytest.mark.parametrize("options", [("--unit", "无此单位")])
def test_the_command_refuses_an_unknown_unit(command, union, options):
    result = command(table(a_row()), *options)

    assert result.exit_code == 1
    assert options[1] in result.output
    assert persons() == []
