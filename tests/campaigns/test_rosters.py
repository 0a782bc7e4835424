"""Who is on the roster of a campaign: unit by unit, each for its own, until it is locked."""

import io

import openpyxl
import pytest
from sqlalchemy import delete, func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns import services
from carecampaign.campaigns.models import (
    CampaignGroupOccupation,
    CampaignState,
    RosterEntry,
    RosterLock,
)
from carecampaign.core.db import db
from carecampaign.core.sheets import Sheet, to_xlsx
from carecampaign.jobs.models import Job
from carecampaign.jobs.tasks import run_job
from tests.factories import (
    CampaignFactory,
    CampaignGroupFactory,
    OccupationFactory,
    OrganizationFactory,
    PersonFactory,
    UserFactory,
)
from tests.naughty import NAUGHTY

PHONE = "13800131234"


@pytest.fixture
def union(app):
    return OrganizationFactory(name="幸福街道总工会")


@pytest.fixture
def units(union):
    return [OrganizationFactory(name=name, parent=union) for name in ("韵达工会", "美团工会")]


@pytest.fixture
def courier(app):
    return OccupationFactory(code="E1", name="快递员", name_en="Courier")


@pytest.fixture
def campaign(union, units, courier):
    campaign = CampaignFactory(name="冬送温暖", organizer=union, units=units)
    group = CampaignGroupFactory(campaign=campaign, name="骑手", name_en="Riders")
    counts = {"campaign_id": campaign.id, "group_id": group.id, "occupation_id": courier.id}
    db.session.add(CampaignGroupOccupation(**counts))
    return campaign


@pytest.fixture
def persons(units, courier):
    return [
        PersonFactory(name=name, organization=unit, occupation=courier, phone=phone)
        for name, unit, phone in (
            ("张小三", units[0], PHONE),
            ("李四", units[0], "13912345678"),
            ("王五", units[1], "13700001111"),
        )
    ]


@pytest.fixture
def filled(campaign, units, persons):
    """The roster with two persons of the first unit and one of the second."""
    put(campaign, units[0], *persons[:2])
    put(campaign, units[1], persons[2])
    return campaign


@pytest.fixture
def planner(client_for, filled, union):
    return client_for(UserFactory(role=Role.PLANNER, organization=union))


@pytest.fixture
def of_unit(client_for, filled, units):
    return client_for(UserFactory(role=Role.PLANNER, organization=units[0]))


@pytest.fixture
def stranger(client_for, filled):
    return client_for(UserFactory(role=Role.PLANNER))


def put(campaign, unit, *persons) -> services.Added:
    return services.add_to_roster(campaign, unit, [one.id for one in persons], by=SYSTEM)


def on_it() -> set[tuple[str, str]]:
    db.session.rollback()
    db.session.expire_all()
    return {(one.person.name, one.unit.name) for one in db.session.scalars(select(RosterEntry))}


def entry_of(person) -> int:
    return db.session.scalars(
        select(RosterEntry.id).where(RosterEntry.person_id == person.id)
    ).one()


def url(campaign, *parts) -> str:
    return "/".join([f"/campaigns/{campaign.id}/roster", *map(str, parts)])


def last_action() -> AuditEntry:
    db.session.rollback()
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def table(*names, phone="1380013{:04d}") -> bytes:
    rows = [[name, "快递员", "韵达", phone.format(n)] for n, name in enumerate(names)]
    return to_xlsx(Sheet("t", ["姓名", "工种", "单位/平台", "手机号"], rows))


def send(client, campaign, unit, content: bytes):
    return client.post(
        "/persons/import",
        data={
            "organization_id": unit.id,
            "list_id": campaign.id,
            "file": (io.BytesIO(content), "名册.xlsx"),
        },
    )


def test_a_planner_sees_the_rosters_of_all_units_below(planner, filled):
    page = planner.get(url(filled)).text

    assert all(name in page for name in ("张小三", "李四", "王五"))
    assert "138****1234" in page
    assert PHONE not in page


def test_the_planner_of_a_unit_sees_and_changes_their_own_only(of_unit, filled, persons):
    page = of_unit.get(url(filled)).text
    counted = of_unit.get(url(filled, "units")).text

    assert "张小三" in page
    assert "王五" not in page
    assert "韵达工会" in counted
    assert "美团工会" not in counted
    assert of_unit.post(url(filled, entry_of(persons[2]), "remove")).status_code == 404
    assert of_unit.get(url(filled, "lock")).status_code == 404
    assert of_unit.post(url(filled, "lock")).status_code == 404
    assert (
        of_unit.post(url(filled, "unlock"), data={"reason": "Somebody forgot"}).status_code == 404
    )
    assert len(on_it()) == 3


def test_a_stranger_finds_nothing(stranger, filled, persons):
    for page in ("", "units", "add", "lock", "unlock"):
        assert stranger.get(url(filled, page).rstrip("/")).status_code == 404
    for action in ("add", "lock", "unlock", f"{entry_of(persons[0])}/remove"):
        assert stranger.post(url(filled, action)).status_code == 404
    assert len(on_it()) == 3


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.STATION_LEAD])
def test_who_sees_no_persons_sees_no_roster(client_for, filled, union, role):
    client = client_for(UserFactory(role=role, organization=union))

    assert client.get(url(filled)).status_code == 403


def test_the_roster_is_searched_narrowed_sorted_and_exported_masked(
    planner, filled, units, persons
):
    found = planner.get(url(filled), query_string={"text": "zxs"}).text
    narrowed = planner.get(url(filled), query_string={"unit_id": units[1].id}).text
    working = planner.get(
        url(filled), query_string={"occupation_id": persons[0].occupation_id}
    ).text
    nobody = planner.get(url(filled), query_string={"occupation_id": 10**9, "text": "无此人"}).text
    file = planner.get(url(filled), query_string={"format": "xlsx", "sort": "-unit"}).data

    assert "张小三" in found
    assert "李四" not in found
    assert "王五" in narrowed
    assert "张小三" not in narrowed
    assert "王五" in working
    assert "No person matches" in nobody
    rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["韵达工会", "韵达工会", "美团工会"]
    assert {row[0] for row in rows[1:]} == {"张*三", "李*", "王*"}
    assert PHONE not in str(rows)


def test_naughty_lines_are_looked_for_on_a_roster(planner, filled):
    for line in NAUGHTY:
        assert planner.get(url(filled), query_string={"text": line}).status_code == 200


def test_units_are_counted_beside_their_quotas(planner, filled):
    page = planner.get(url(filled, "units")).text
    file = planner.get(url(filled, "units"), query_string={"format": "csv"}).data.decode()

    assert "Roster by unit" in page
    assert "韵达工会,0,2" in file
    assert "美团工会,0,1" in file


def test_persons_are_found_ticked_and_put_on_the_roster(planner, filled, units, courier):
    new = PersonFactory(name="赵六", organization=units[1], occupation=courier)
    db.session.commit()
    found = planner.get(url(filled, "add"), query_string={"text": "赵六"}).text
    there = planner.get(url(filled, "add"), query_string={"text": "张小三"}).text

    answer = planner.post(
        url(filled, "add"), data={"unit_id": units[0].id, "person_ids": [new.id]}
    )

    assert f'value="{new.id}"' in found
    assert "No person matches" in there
    assert answer.location == url(filled)
    assert ("赵六", "韵达工会") in on_it()
    assert last_action().action == "campaigns.add_to_roster"
    assert "赵六" not in str(last_action().changes)


def test_what_cannot_be_put_on_a_roster_is_refused(planner, of_unit, filled, units, persons):
    outsider = PersonFactory(name="外人")
    PersonFactory(name="赵六", organization=units[0])
    db.session.commit()
    refusals = {
        "Tick at least one person.": {"unit_id": units[0].id},
        "Not a valid choice.": {"unit_id": filled.organizer_id, "person_ids": [persons[0].id]},
        "already takes part, or cannot": {"unit_id": units[0].id, "person_ids": [outsider.id]},
        "Too many at once.": {"unit_id": units[0].id, "person_ids": list(range(1, 202))},
    }
    for words, form in refusals.items():
        answer = planner.post(url(filled, "add?text=赵六"), data=form)
        assert answer.status_code == 422
        assert words in answer.text
    mine = of_unit.post(
        url(filled, "add"), data={"unit_id": units[1].id, "person_ids": [persons[0].id]}
    )
    assert mine.status_code == 422
    assert len(on_it()) == 3


def test_a_person_is_on_a_roster_once_for_one_unit(filled, units, persons):
    added = put(filled, units[1], *persons)

    assert (added.new, added.already, added.elsewhere) == (0, 1, 2)


def test_a_person_is_taken_off(planner, filled, persons):
    answer = planner.post(url(filled, entry_of(persons[0]), "remove"))

    assert answer.location == url(filled)
    assert ("张小三", "韵达工会") not in on_it()
    assert last_action().changes["person"] == f"№ {persons[0].id}"


def test_a_locked_roster_stays_as_it_is(planner, of_unit, filled, units, persons):
    entry = entry_of(persons[0])
    before = planner.get(url(filled, "lock")).text
    planner.post(url(filled, "lock"))
    page, shown = planner.get(url(filled)).text, planner.get(url(filled, "lock")).text

    assert "Not locked" in before
    assert "Locked as the list of the eligible" in page
    assert "Take off" not in page
    assert "its digest is the same" in shown
    assert of_unit.post(url(filled, entry, "remove")).status_code == 409
    refused = of_unit.post(
        url(filled, "add"), data={"unit_id": units[0].id, "person_ids": [persons[2].id]}
    )
    assert refused.status_code == 422
    assert "locked" in send(of_unit, filled, units[0], table("赵六")).text
    assert len(on_it()) == 3
    lock = db.session.scalars(select(RosterLock)).one()
    assert (lock.persons, sum(lock.figures["units"].values())) == (3, 3)
    assert list(lock.figures["groups"].values()) == [3]
    assert "张" not in str([lock.figures, lock.digest])
    assert (
        "The list of this campaign is locked"
        in planner.get(planner.post(url(filled, "lock")).location).text
    )


def test_a_lock_is_opened_with_a_reason_and_stays_on_record(planner, filled, persons):
    planner.post(url(filled, "lock"))
    for reason in ("", "no", f"call {PHONE}"):
        assert planner.post(url(filled, "unlock"), data={"reason": reason}).status_code == 422
    assert planner.get(url(filled, "unlock")).status_code == 200

    planner.post(url(filled, "unlock"), data={"reason": "One person left the unit"})
    again = planner.post(url(filled, "unlock"), data={"reason": "One person left the unit"})

    assert again.status_code == 409
    assert last_action().action == "campaigns.unlock_roster"
    planner.post(url(filled, entry_of(persons[0]), "remove"))
    planner.post(url(filled, "lock"))
    page = planner.get(url(filled, "lock")).text
    assert "One person left the unit" in page
    assert len(on_it()) == 2


def test_it_is_told_when_a_locked_list_is_not_as_it_was(planner, filled, persons):
    planner.post(url(filled, "lock"))
    db.session.execute(delete(RosterEntry).where(RosterEntry.person_id == persons[0].id))
    db.session.commit()

    assert "The list is not as it was locked" in planner.get(url(filled, "lock")).text


def test_an_empty_roster_and_one_of_a_closed_campaign_are_not_locked(
    planner, filled, units, persons
):
    db.session.execute(delete(RosterEntry))
    db.session.commit()
    empty = planner.post(url(filled, "lock"))
    assert "Nobody is on the roster yet." in planner.get(empty.location).text

    put(filled, units[0], persons[0])
    filled.state = CampaignState.CLOSED
    db.session.commit()
    closed = planner.post(url(filled, "lock"))
    assert "its roster stays as it is" in planner.get(closed.location).text
    assert planner.post(url(filled, entry_of(persons[0]), "remove")).status_code == 409
    refused = planner.post(
        url(filled, "add"), data={"unit_id": units[0].id, "person_ids": [persons[1].id]}
    )
    assert refused.status_code == 422
    assert "Take off" not in planner.get(url(filled)).text
    assert db.session.scalar(select(func.count()).select_from(RosterLock)) == 0


def test_a_roster_is_imported_into_the_register_and_onto_the_roster(of_unit, filled, units):
    form = of_unit.get("/persons/import", query_string={"list_id": filled.id}).text
    location = send(
        of_unit, filled, units[0], table("张小三", "赵六", phone="138001312{:02d}")
    ).location
    preview = of_unit.get(location).text
    done = of_unit.post(f"{location}/apply")

    assert f'<option selected value="{filled.id}">' in form
    assert "Onto the roster of “冬送温暖” for 韵达工会" in preview
    assert "On the roster: 2 new, 0 were on it, 0 stay on it" in of_unit.get(done.location).text
    assert ("赵六", "韵达工会") in on_it()
    kept = db.session.scalars(select(Person).where(Person.name == "赵六")).one()
    assert kept.organization_id == units[0].id
    again = send(
        of_unit, filled, units[0], table("张小三", "赵六", phone="138001312{:02d}")
    ).location
    done = of_unit.post(f"{again}/apply")
    assert "On the roster: 0 new, 2 were on it" in of_unit.get(done.location).text


def test_a_long_roster_is_put_on_by_a_job(of_unit, filled, units, monkeypatch):
    monkeypatch.setattr("carecampaign.beneficiaries.views.roster.MOST_AT_ONCE", 1)
    location = send(of_unit, filled, units[0], table("赵六", "钱七")).location
    of_unit.post(f"{location}/apply")

    job = db.session.scalars(select(Job).where(Job.kind == "beneficiaries.import")).one()
    db.session.rollback()
    run_job(job.id)
    run_job(job.id)

    assert {("赵六", "韵达工会"), ("钱七", "韵达工会")} < on_it()


def test_nobody_is_imported_where_the_roster_was_locked_meanwhile(planner, of_unit, filled, units):
    location = send(of_unit, filled, units[0], table("赵六")).location
    planner.post(url(filled, "lock"))

    assert of_unit.get(location).status_code == 409
    refused = of_unit.post(f"{location}/apply")

    assert refused.location == location
    assert db.session.scalars(select(Person).where(Person.name == "赵六")).all() == []


def test_a_unit_that_takes_no_part_is_refused(planner, filled, union, stranger):
    refused = send(planner, filled, union, table("赵六"))

    assert refused.status_code == 422
    assert "is no participating unit of this campaign" in refused.text
    assert "冬送温暖" not in stranger.get("/persons/import").text


def test_units_that_leave_a_draft_take_their_roster_along(filled, units):
    filled.state = CampaignState.DRAFT
    services.remove_units(filled, [units[0].id], by=SYSTEM)

    assert {one.unit_id for one in db.session.scalars(select(RosterEntry))} == {units[1].id}
    services.lock_roster(filled, by=SYSTEM)
    with pytest.raises(services.RosterIsLocked):
        services.remove_units(filled, [units[1].id], by=SYSTEM)


@pytest.fixture
def command(app, filled, tmp_path):
    def run(content: bytes, *options: str):
        db.session.commit()
        file = tmp_path / "roster.xlsx"
        file.write_bytes(content)
        return app.test_cli_runner().invoke(args=["beneficiaries", "import", str(file), *options])

    return run


def test_the_command_puts_persons_on_a_roster(command, filled, units):
    named = command(table("赵六"), "--unit", "韵达工会", "--campaign", "冬送温暖")
    numbered = command(table("钱七"), "--unit", str(units[1].id), "--campaign", str(filled.id))

    assert (named.exit_code, numbered.exit_code) == (0, 0)
    assert {("赵六", "韵达工会"), ("钱七", "美团工会")} < on_it()


def test_the_command_refuses_a_campaign_or_unit_it_cannot_use(command, filled):
    CampaignFactory(name="冬送温暖")
    ambiguous = command(table("赵六"), "--unit", "韵达工会", "--campaign", "冬送温暖")
    unknown = command(table("赵六"), "--unit", "韵达工会", "--campaign", "夏送清凉")
    no_part = command(table("赵六"), "--campaign", str(filled.id))

    assert {ambiguous.exit_code, unknown.exit_code, no_part.exit_code} == {1}
    assert str(filled.id) in ambiguous.output
    assert "夏送清凉" in unknown.output
    assert db.session.scalars(select(Person).where(Person.name == "赵六")).all() == []


def test_pages_of_a_roster_take_as_many_queries_however_many_are_on_it(
    planner, filled, units, courier, count_queries
):
    def queries() -> list[int]:
        numbers = []
        for page in ("", "units", "lock", "add?text=a"):
            with count_queries() as sent:
                assert planner.get(url(filled, page).rstrip("/")).status_code == 200
            numbers.append(len(sent))
        return numbers

    few = queries()
    more = [PersonFactory(organization=units[0], occupation=courier) for _one in range(5)]
    put(filled, units[0], *more)
    db.session.commit()

    assert queries() == few
    assert max(few) <= 12
