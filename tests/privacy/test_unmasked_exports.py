"""Whole numbers leave in a file that another person approved, locked, named and soon deleted."""

import io
import re
from datetime import timedelta

import msoffcrypto
import openpyxl
import pytest
from sqlalchemy import select, text, update

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns.models import RosterEntry
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.sheets import Sheet, draw_password, lock_xlsx, to_xlsx
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.tasks import run_job
from carecampaign.privacy import tasks
from carecampaign.privacy.models import ExportState, UnmaskedExport
from tests.factories import (
    CampaignFactory,
    OccupationFactory,
    OrganizationFactory,
    PersonFactory,
    UserFactory,
)

PHONE, ID = "13812345678", "11010519491231002X"
NEW = "/persons/exports/new"


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def persons(union):
    unit = OrganizationFactory(parent=union)
    PersonFactory(name="无关者", phone="13700112233")
    return [
        PersonFactory(name="张小三", organization=unit, phone=PHONE, id_number=ID),
        PersonFactory(name="李四", organization=union),
    ]


@pytest.fixture
def planner(union):
    return UserFactory(role=Role.PLANNER, organization=union)


@pytest.fixture
def approver(union):
    return UserFactory(role=Role.APPROVER, organization=union)


@pytest.fixture
def asking(client_for, planner, persons):
    return client_for(planner)


@pytest.fixture
def deciding(client_for, approver):
    return client_for(approver)


def form(union, **facts):
    return {
        "command_id": "0192f7a0-0000-7000-8000-000000000001",
        "organization_id": union.id,
        "columns": ["phone", "id_number"],
        "reason": "与快递公司核对名单",
    } | facts


def ask(client, union, **facts):
    answer = client.post(NEW, data=form(union, **facts))
    assert answer.status_code == 302, answer.text
    return answer.location


def make_it():
    db.session.rollback()
    for job_id in db.session.scalars(select(Job.id).where(Job.state == JobState.QUEUED)).all():
        run_job(job_id)
    db.session.expire_all()


def export():
    db.session.rollback()
    return db.session.scalars(
        select(UnmaskedExport).execution_options(populate_existing=True)
    ).one()


def opened(content, password):
    file = msoffcrypto.OfficeFile(io.BytesIO(content))
    file.load_key(password=password, verify_password=True)
    plain = io.BytesIO()
    file.decrypt(plain, verify_integrity=True)
    sheet = openpyxl.load_workbook(plain).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def password_on(page):
    return re.search(r"\b(?:[2-9A-Z]{5}-){3}[2-9A-Z]{5}\b", page)[0]


def test_a_file_goes_from_the_question_to_its_deletion(asking, deciding, union, planner):
    url = ask(asking, union)
    assert asking.post(NEW, data=form(union)).location == url  # sent twice
    assert "somebody else has to decide" in asking.get(url).text
    assert "Files with whole numbers to decide on" in deciding.get("/").text
    assert deciding.post(f"{url}/approve").status_code == 302
    assert "is being made" in asking.get(url).text
    make_it()
    assert "Files with whole numbers to fetch" in asking.get("/").text

    shown = asking.post(f"{url}/password")
    password = password_on(shown.text)
    fetched = asking.post(f"{url}/fetch")

    assert shown.headers["Cache-Control"] == fetched.headers["Cache-Control"] == "no-store"
    assert asking.post(f"{url}/password").status_code == 409
    assert password not in asking.get(url).text
    remark, headings, *rows = opened(fetched.data, password)
    assert planner.name in remark[0]
    assert "与快递公司核对名单" in remark[0]
    assert headings == ["Full name", "Phone", "ID number"]
    assert rows == [["张小三", PHONE, ID], ["李四", None, None]]
    assert PHONE.encode() not in fetched.data
    assert asking.post(f"{url}/delete").status_code == 302
    assert asking.post(f"{url}/fetch").status_code == 409
    assert (export().state, export().persons) == (ExportState.DELETED, 2)
    said = db.session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject_kind == "unmasked_export")
        .order_by(AuditEntry.id)
    ).all()
    assert [action.partition(".")[2] for action in said] == [
        *("request_export", "approve_export", "make_export", "show_password"),
        *("fetch_export", "delete_export"),
    ]


def test_neither_file_nor_password_is_readable_in_the_database(asking, deciding, union):
    url = ask(asking, union)
    deciding.post(f"{url}/approve")
    make_it()
    row = db.session.execute(text("SELECT content, password FROM unmasked_export")).one()
    password = password_on(asking.post(f"{url}/password").text)

    assert password.encode() not in bytes(row.password)
    assert b"EncryptedPackage".decode().encode("utf-16-le") not in bytes(row.content)
    left = db.session.execute(text("SELECT password FROM unmasked_export")).one()
    assert left.password is None


def test_a_file_is_there_for_a_day_and_deleted_at_night(asking, deciding, union):
    url = ask(asking, union)
    deciding.post(f"{url}/approve")
    make_it()
    db.session.execute(
        update(UnmaskedExport).values(expires_at=clock.now() - timedelta(minutes=1))
    )
    db.session.commit()

    assert asking.post(f"{url}/fetch").status_code == 409
    assert "The file was deleted" in asking.get(url).text
    assert "to fetch" not in asking.get("/").text
    assert tasks.retain(by=SYSTEM).counts == {"exports": 1}
    assert (export().state, export().content) == (ExportState.DELETED, None)


def test_nobody_approves_what_they_asked_for(client_for, union, persons):
    both = UserFactory(
        grants=[RoleGrant(role=role, organization=union) for role in (Role.PLANNER, Role.APPROVER)]
    )
    client = client_for(both)
    url = ask(client, union)

    client.post(f"{url}/approve")
    assert "somebody else has to decide" in client.get(url).text
    assert client.post(f"{url}/refuse", data={"comment": "不需要"}).status_code == 422
    assert export().state is ExportState.WAITING


def test_a_refusal_says_why(asking, deciding, union):
    url = ask(asking, union)
    assert deciding.get(f"{url}/refuse").status_code == 200
    assert deciding.post(f"{url}/refuse", data={"comment": ""}).status_code == 422
    assert deciding.post(f"{url}/refuse", data={"comment": "列太多，请减少"}).status_code == 302

    assert "列太多，请减少" in asking.get(url).text
    assert deciding.post(f"{url}/approve").status_code == 409
    assert asking.post(f"{url}/cancel").status_code == 409


def test_who_asked_takes_the_question_back_before_there_is_a_file(asking, deciding, union):
    url = ask(asking, union)
    assert asking.post(f"{url}/cancel").status_code == 302
    assert export().state is ExportState.CANCELLED

    other = ask(asking, union, command_id="0192f7a0-0000-7000-8000-000000000002")
    deciding.post(f"{other}/approve")
    assert asking.post(f"{other}/cancel").status_code == 302
    make_it()
    states = db.session.scalars(select(UnmaskedExport.state).order_by(UnmaskedExport.id)).all()
    assert states == [ExportState.CANCELLED, ExportState.CANCELLED]
    failed = db.session.scalars(select(Job).where(Job.state == JobState.FAILED)).one()
    assert "Nothing was changed" in failed.error


def test_a_file_is_of_a_roster_or_an_occupation(asking, deciding, union, persons, app):
    campaign = CampaignFactory(organizer=union)
    third = PersonFactory(name="王五", organization=union, occupation=OccupationFactory())
    db.session.add_all(
        RosterEntry(campaign=campaign, unit=union, person=person) for person in (persons[0], third)
    )
    db.session.commit()
    columns = ["occupation", "employer", "organization"]
    only = {"occupation_id": persons[0].occupation_id, "campaign_id": campaign.id}
    url = ask(asking, union, columns=columns, **only)
    deciding.post(f"{url}/approve")
    make_it()

    password = password_on(asking.post(f"{url}/password").text)
    _remark, _headings, *rows = opened(asking.post(f"{url}/fetch").data, password)
    person = persons[0]
    work = person.occupation.name_en, person.occupation.name
    assert [row[0] for row in rows] == ["张小三"]
    assert rows[0][1] in work
    assert rows[0][2:] == [person.employer, person.organization.name]


def test_what_is_wrong_with_a_question_is_said_beside_the_field(asking, union):
    nobody = OrganizationFactory(parent=union)
    db.session.commit()
    wrong = {
        "columns": [],
        "reason": PHONE,
        "organization_id": OrganizationFactory().id,
    }
    for name, value in wrong.items():
        assert asking.post(NEW, data=form(union, **{name: value})).status_code == 422, name
    answer = asking.post(NEW, data=form(nobody))
    assert answer.status_code == 422
    assert "Nobody is kept here" in answer.text


def test_the_form_begins_with_what_the_list_was_narrowed_to(asking, union):
    page = asking.get(f"{NEW}?organization_id={union.id}&campaign_id=²").text

    chosen = re.search(r"<option[^>]*selected[^>]*>", page)[0]
    assert f'value="{union.id}"' in chosen


def test_a_file_holds_only_whom_the_asker_still_reaches(asking, deciding, union, planner):
    url = ask(asking, union)
    deciding.post(f"{url}/approve")
    db.session.rollback()
    planner.grants[0].role = Role.FINANCE
    db.session.commit()
    make_it()

    assert export().persons == 0
    assert asking.post(f"{url}/fetch").status_code == 403


def test_nobody_else_sees_or_fetches_it(client_for, asking, union, deciding):
    url = ask(asking, union)
    deciding.post(f"{url}/approve")
    make_it()
    other = client_for(UserFactory(role=Role.PLANNER, organization=union))
    stranger = client_for(UserFactory(role=Role.APPROVER))
    auditor = client_for(UserFactory(role=Role.AUDITOR, organization=union))

    for client in (other, stranger):
        assert client.get(url).status_code == 404
        assert url not in client.get("/persons/exports").text
    assert auditor.get(url).status_code == 200
    assert url in auditor.get("/persons/exports").text
    for client in (other, auditor):
        for step in ("password", "fetch", "delete", "cancel"):
            assert client.post(f"{url}/{step}").status_code == 404, step
    assert stranger.post(f"{url}/approve").status_code == 404


def test_who_moved_to_another_union_does_not_fetch_it(asking, deciding, union, planner):
    url = ask(asking, union)
    deciding.post(f"{url}/approve")
    make_it()
    db.session.rollback()
    planner.grants[0].organization = OrganizationFactory()
    db.session.commit()

    assert asking.post(f"{url}/fetch").status_code == 404


@pytest.mark.parametrize("rows", [0, 3_000])
def test_a_locked_workbook_opens_with_its_password_alone(rows):
    password = draw_password()
    locked = lock_xlsx(
        to_xlsx(Sheet("t", ["a"], [[f"{n} {PHONE}"] for n in range(rows)])), password
    )

    assert len(opened(locked, password)) == rows + 1
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(locked, "another")
