"""After a whole journey no phone or ID number stands readable in what is stored or sent out."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from carecampaign.access.permissions import Role
from carecampaign.beneficiaries.models import Person
from carecampaign.core.db import db
from carecampaign.core.sheets import Sheet, to_xlsx
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.tasks import run_job
from tests.distributions.scene import set_the_scene
from tests.factories import OccupationFactory, OrganizationFactory, UserFactory

ENTERED = ("13812345678", "11010519491231002X")
CHANGED = ("13987654321",)
IMPORTED = ("13700112233", "110101199003070038")
WRONG = ("1370011223", "110101199003070030")
DOSSIER = {"shape": "page", "reason": "本人当面查询"}
PLANTED = (*ENTERED, *CHANGED, *IMPORTED, *WRONG)


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def client(client_for, union):
    OccupationFactory(code="E1", name="快递员")
    return client_for(UserFactory(role=Role.PLANNER, organization=union))


@pytest.fixture
def sent_out(client, client_for, union, monkeypatch, caplog) -> list[bytes]:
    """Go the whole way, and give every answer but those that show a number on purpose."""
    phone, id_number = ENTERED
    answers = [
        client.post("/persons/new", data=_form(union, phone=phone, id_number=id_number)).data
    ]
    [person_id] = db.session.scalars(select(Person.id)).all()
    person = f"/persons/{person_id}"
    answers.append(client.post(f"{person}/edit", data=_form(union, phone=CHANGED[0])).data)
    revealed = client.post(f"{person}/reveal", data={"field": "phone", "reason": "联系领取"})
    assert CHANGED[0] in revealed.text
    for content in (_table(*WRONG), _table(*IMPORTED)):
        location = _send(client, union, content)
        answers += [client.get(location).data, client.get(f"{location}/errors").data]
        answers.append(client.post(f"{location}/apply").data)
    monkeypatch.setattr("carecampaign.beneficiaries.views.roster.MOST_AT_ONCE", 0)
    location = _send(client, union, _table(*IMPORTED))
    client.post(f"{location}/apply")
    db.session.rollback()
    for job_id in db.session.scalars(select(Job.id)).all():
        run_job(job_id)
    _send(client, union, _table("13655667788", IMPORTED[1]))
    answers += [client.get(path).data for path in _pages(client, person)]
    answers += _hand_out(client, union, person_id)
    answers += _export(client, client_for, union)
    assert CHANGED[0] in client.post(f"{person}/data", data=DOSSIER).text
    monkeypatch.setattr("carecampaign.privacy.services.erase_person", _break)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answers.append(client.post(f"{person}/erase", data={"reason": "requested"}).data)
    monkeypatch.undo()
    answers.append(client.post(f"{person}/erase", data={"reason": "requested"}).data)
    answers += [client.get(path).data for path in (person, "/persons?format=csv", "/audit")]
    answers.append(caplog.text.encode())
    return answers


def test_nothing_that_is_sent_out_has_a_whole_number(sent_out):
    for answer in sent_out:
        for content in _unpacked(answer):
            assert not _numbers_in(content)


def test_nothing_that_is_stored_has_a_whole_number(sent_out, database_url):
    assert sent_out
    stored = list(_stored(database_url))

    assert len(stored) >= 1
    for content in stored:
        assert not _numbers_in(content)


def test_a_table_that_waits_is_not_readable_either(sent_out):
    assert sent_out
    waiting = db.session.scalars(text("SELECT content FROM staged_upload")).all()

    assert len(waiting) >= 2
    for content in waiting:
        assert b"PK" not in bytes(content)[:64]
        assert b"[Content_Types].xml" not in bytes(content)


def _hand_out(client, union, person_id: int) -> list[bytes]:
    """Hand out to the person by name, once by a search for the phone; look at what is shown."""
    scene = set_the_scene()
    person = db.session.get_one(Person, person_id)
    scene.campaign.organizer_id = scene.event.unit_id = union.id
    db.session.commit()
    scene.log(person_id=person.id)
    db.session.commit()
    event = f"/events/{scene.event.id}"
    pages = [
        f"{event}/log",
        f"{event}/persons?item={scene.package.id}&name={CHANGED[0][-4:]}",
        f"{event}/persons?item={scene.package.id}&name={CHANGED[0]}",
        f"/reports{event}/log?format=xlsx",
        f"/search?q={CHANGED[0][-4:]}",
    ]
    return [_without_the_question(client.get(page).data) for page in pages]


def _without_the_question(content: bytes) -> bytes:
    """Leave out what somebody searched for themselves: the form and the address show it again."""
    for question in (f'value="{CHANGED[0]}"', f"name={CHANGED[0]}"):
        content = content.replace(question.encode(), b"")
    return content


def _export(client, client_for, union) -> list[bytes]:
    """Have a file with whole numbers approved and made; give all but what is inside of it."""
    approver = client_for(UserFactory(role=Role.APPROVER, organization=union))
    form = {
        "command_id": "0192f7a0-0000-7000-8000-000000000002",
        "organization_id": union.id,
        "columns": ["phone", "id_number"],
        "reason": "与快递公司核对名单",
    }
    url = client.post("/persons/exports/new", data=form).location
    answers = [approver.get(url).data, approver.post(f"{url}/approve").data]
    db.session.rollback()
    for job_id in db.session.scalars(select(Job.id).where(Job.state == JobState.QUEUED)).all():
        run_job(job_id)
    fetched = client.post(f"{url}/fetch")
    assert fetched.data.startswith(b"\xd0\xcf\x11\xe0")
    return [*answers, client.post(f"{url}/password").data, fetched.data, client.get(url).data]


def _break(*_arguments: object, **_values: object) -> None:
    raise RuntimeError("something is broken")


def _form(union, **numbers) -> dict:
    return {
        "command_id": "0192f7a0-0000-7000-8000-000000000001",
        "name": "张小三",
        "occupation_id": db.session.scalar(text("SELECT id FROM occupation")),
        "organization_id": union.id,
        "employer": "韵达",
    } | numbers


def _table(phone: str, id_number: str) -> bytes:
    headings = ["姓名", "工种", "手机号", "身份证号"]
    return to_xlsx(Sheet("t", headings, [["李小四", "快递员", phone, id_number]]))


def _send(client, union, content: bytes) -> str:
    sent = {"organization_id": union.id, "file": (io.BytesIO(content), "a.xlsx")}
    return client.post("/persons/import", data=sent).location


def _pages(client, person: str) -> list[str]:
    report = re.search(r"/persons/import/reports/[0-9a-f-]+", client.get("/persons/import").text)
    return [
        "/persons",
        "/persons?format=csv",
        "/persons?format=xlsx",
        "/persons?text=5678",
        person,
        f"{person}/edit",
        f"{person}/reveal",
        "/persons/import",
        report[0],
        "/jobs",
        "/persons/999999",
    ]


def _unpacked(answer: bytes) -> list[bytes]:
    if not answer.startswith(b"PK"):
        return [answer]
    with zipfile.ZipFile(io.BytesIO(answer)) as book:
        return [book.read(name) for name in book.namelist()]


def _stored(database_url: str):
    """Give the files of a SQLite database (the WAL with it), or every row of PostgreSQL."""
    if database_url.startswith("sqlite"):
        path = Path(make_url(database_url).database)
        for file in path.parent.glob("*"):
            if file.is_file():
                yield from _unpacked(file.read_bytes())
        return
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    for name in db.session.scalars(text(names)).all():
        rows = db.session.execute(text(f'SELECT * FROM "{name}"')).all()
        for value in (value for row in rows for value in row):
            yield bytes(value) if isinstance(value, memoryview) else str(value).encode()


def _numbers_in(content: bytes) -> list[str]:
    return [number for number in PLANTED if number.encode() in content]
