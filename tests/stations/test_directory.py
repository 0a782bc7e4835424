"""The whole directory as a table: out, edited, in again; all of it or nothing."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from carecampaign.access.permissions import Role
from carecampaign.audit import services as audit
from carecampaign.audit.models import AuditEntry, AuditPending
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import Labelled, in_language_of
from carecampaign.core.sheets import Sheet, to_xlsx
from carecampaign.core.uploads import StagedUpload
from carecampaign.stations.coordinates import Datum, Position, to_wgs84
from carecampaign.stations.directory import columns_for
from carecampaign.stations.directory.cells import members_of
from carecampaign.stations.models import (
    FACILITIES,
    Feature,
    HostKind,
    MapService,
    Station,
    StationFeature,
    StationListing,
    StationPartner,
    StationStatus,
    StationType,
    rows_of,
)
from carecampaign.stations.opening import parse
from tests.factories import OrganizationFactory, StationFactory, UserFactory

HEADINGS = ["code", "name", "owner_id", "host_unit", "host_kind", "address"]


@pytest.fixture
def client(client_for, planner):
    return client_for(planner)


@pytest.fixture
def full_station(district):
    """A station of which everything is known."""
    in_wgs84 = to_wgs84(Position(116.4814881234, 39.990464, Datum.GCJ02))
    station = StationFactory(
        code="BJ01",
        name="潞城驿站",
        owner=district,
        aliases="劳动者港湾、潞城歇脚点",
        station_type=StationType.MICRO,
        host_kind=HostKind.POST,
        opened_on=date(2023, 12, 1),
        district_code="110112",
        longitude=116.4814881234,
        latitude=39.990464,
        wgs84_longitude=in_wgs84.longitude,
        wgs84_latitude=in_wgs84.latitude,
        datum=Datum.GCJ02,
        opening=rows_of(parse("周一至周五 9:00-12:00、13:30-17:30；春节 休息；2027-02-05 24小时")),
        lead_phone="13800138000",
        public_phone="010-12345678",
        area_square_decimetres=2025,
        capacity=12,
        features=[StationFeature(feature=f) for f in (Feature.WIFI, Feature.HAIRCUT)],
        listings=[
            StationListing(service=MapService.AMAP, listed_on=date(2024, 1, 1)),
            StationListing(service=MapService.BAIDU, listed_on=None),
        ],
        status=StationStatus.CLOSED,
        status_reason="装修",
        status_since=date(2026, 11, 1),
        reopens_on=date(2026, 12, 1),
    )
    db.session.commit()
    return station


def table(*rows, headings=HEADINGS) -> bytes:
    return to_xlsx(Sheet("t", headings, rows))


def a_row(owner, code="", **changed) -> list[str]:
    facts = dict(
        zip(HEADINGS, [code, "新站", owner.name, "某银行", "bank", "某街1号"], strict=True)
    )
    return list((facts | changed).values())


def send(client, content: bytes, filename: str = "stations.xlsx"):
    return client.post("/stations/import", data={"file": (io.BytesIO(content), filename)})


def take_in(client, content: bytes, filename: str = "stations.xlsx"):
    location = send(client, content, filename).location
    return client.post(f"{location}/apply")


def edited(content: bytes, **changes) -> bytes:
    """Change cells of the first row of a workbook, by heading."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    for heading, value in changes.items():
        page.cell(2, columns[heading.replace("_", " ")], value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def stations() -> dict[str, Station]:
    db.session.rollback()
    db.session.expire_all()
    return {row.code: row for row in db.session.scalars(select(Station).order_by(Station.id))}


def facts_of(station: Station) -> dict:
    columns = {c.name: getattr(station, c.name) for c in Station.__table__.columns}
    return columns | {
        "features": [(row.id, row.feature) for row in station.features],
        "listings": [(row.id, row.service, row.listed_on) for row in station.listings],
        "rules": station.rules,
    }


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_sent_out_and_taken_in_again_changes_nothing(
    client_for, planner, district, full_station, kind, language
):
    StationFactory(owner=district)  # of which next to nothing is known
    client = client_for(planner, language)
    before = {code: facts_of(station) for code, station in stations().items()}

    exported = client.get(f"/stations/directory.{kind}").data
    location = send(client, exported, f"stations.{kind}").location
    assert client.post(f"{location}/apply").status_code == 302

    assert {code: facts_of(station) for code, station in stations().items()} == before
    assert entries() == []


def test_a_station_whose_address_nobody_knows_can_be_changed_all_the_same(client, district):
    StationFactory(code="A1", owner=district, address="")
    db.session.commit()

    take_in(client, table(a_row(district, "A1", address="")))

    assert stations()["A1"].name == "新站"


@pytest.mark.parametrize("code", ["A1", "A2"])
@pytest.mark.parametrize("key", ["address", "host_unit"])
def test_a_station_is_not_opened_without_an_address_and_keeps_the_one_it_has(
    client, district, key, code
):
    StationFactory(code="A1", owner=district)
    db.session.commit()

    location = send(client, table(a_row(district, code, **{key: ""}))).location
    assert "A station needs a host unit and an address." in client.get(location).text
    client.post(f"{location}/apply")
    assert [one.name for one in stations().values()] != ["新站"]


def test_what_was_edited_is_changed_and_nothing_else(client, full_station):
    before = facts_of(full_station)
    exported = client.get("/stations/directory.xlsx").data

    changed = edited(exported, Name="改名", Opening_hours="Daily 8:00-20:00", Latitude=40)
    take_in(client, changed)

    after = facts_of(stations()["BJ01"])
    differing = {key for key in before if before[key] != after[key]}
    assert differing == {"name", "latitude", "wgs84_longitude", "wgs84_latitude", "rules"}
    assert (after["name"], after["latitude"]) == ("改名", 40)
    assert after["rules"] == parse("Daily 8:00-20:00")
    entry = entries()[0]
    assert entry.action == "stations.edit"
    assert entry.changes["name"] == ["潞城驿站", "改名"]
    assert set(entry.changes) == {"name", "position", "opening"}


def test_features_and_maps_are_added_and_removed_and_those_that_stay_keep_their_rows(
    client, full_station
):
    wifi = next(row.id for row in full_station.features if row.feature is Feature.WIFI)
    exported = client.get("/stations/directory.xlsx").data

    changed = edited(
        exported,
        Facilities=f"{Feature.WIFI.label}，{Feature.FRIDGE.label}",
        Services="",
        Amap="No",
        Baidu_Maps="2025-05-01",
    )
    take_in(client, changed)

    station = stations()["BJ01"]
    assert {row.feature for row in station.features} == {Feature.WIFI, Feature.FRIDGE}
    assert wifi in {row.id for row in station.features}
    assert {row.service: row.listed_on for row in station.listings} == {
        MapService.BAIDU: date(2025, 5, 1)
    }


def test_a_new_row_opens_a_station(client, district):
    rows = [a_row(district, "bj9"), a_row(district), a_row(district)]
    StationFactory(code="S0003")
    db.session.commit()

    location = send(client, table(*rows)).location
    page = client.get(location).text
    assert "the next free one" in page
    assert client.post(f"{location}/apply").status_code == 302

    found = stations()
    assert list(found) == ["S0003", "BJ9", "S0002", "S0004"]
    station = found["BJ9"]
    assert (station.name, station.owner_id, station.status, station.host_kind) == (
        "新站",
        district.id,
        StationStatus.OPEN,
        HostKind.BANK,
    )
    assert [entry.action for entry in entries()] == ["stations.create"] * 3
    assert db.session.scalar(select(func.count(AuditPending.id))) == 3


def test_what_was_taken_in_is_sealed_like_any_change(client, district, full_station):
    exported = client.get("/stations/directory.xlsx").data
    take_in(
        client, edited(exported, Name="改名", Status="Open", Reason="", Expected_to_reopen_on="")
    )
    take_in(client, table(a_row(district), a_row(district)))

    with transaction():
        assert audit.seal_batch() == 4
    assert audit.verify().problems == []


def test_columns_that_are_not_there_are_not_touched(client, district, full_station):
    before = facts_of(full_station)
    row = ["BJ01", "改名", district.name, full_station.host_unit, "post", full_station.address]

    take_in(client, table(row))

    after = facts_of(stations()["BJ01"])
    assert {key for key in before if before[key] != after[key]} == {"name"}


def test_an_empty_status_stays_as_it_is(client, district, full_station):
    row = ["BJ01", "改名", district.name, full_station.host_unit, "post", "x", ""]

    take_in(client, table(row, headings=[*HEADINGS, "status"]))

    assert stations()["BJ01"].status is StationStatus.CLOSED


def test_a_status_is_changed_with_an_entry_of_its_own(client, full_station):
    exported = client.get("/stations/directory.xlsx").data

    changed = edited(
        exported, Status="Open", Reason="", Status_since="2026-11-20", Expected_to_reopen_on=""
    )
    take_in(client, changed)

    station = stations()["BJ01"]
    assert (station.status, station.status_reason) == (StationStatus.OPEN, "")
    assert (station.status_since, station.reopens_on) == (date(2026, 11, 20), None)
    assert [entry.action for entry in entries()] == ["stations.change_status"]


def test_private_phones_enter_the_log_as_digests_only(client, full_station):
    exported = client.get("/stations/directory.xlsx").data

    take_in(client, edited(exported, **{"Lead's_own_phone": "13900139000"}))

    assert stations()["BJ01"].lead_phone == "13900139000"
    told = str(entries()[0].changes)
    assert "13900139000" not in told
    assert "13800138000" not in told


@pytest.mark.parametrize(
    ("headings", "cells", "words"),
    [
        (["name"], [""], "This cell may not be empty."),
        (["name"], ["长" * 101], "At most 100 characters."),
        (["code"], ["a b"], "no spaces"),
        (["host_kind"], ["castle"], "This word is not known here."),
        (["owner_id"], ["No such union"], "You run no stations for an organization of this name."),
        (["opened_on"], ["soon"], "This is no date."),
        (["district_code"], ["1101"], "six digits"),
        (["longitude"], ["116.4"], "belong together"),
        (["longitude", "latitude", "datum"], ["39.9", "116.4", "gcj02"], "outside China"),
        (["longitude", "latitude", "datum"], ["116.4", "x", "gcj02"], "This is no number."),
        (["opening"], ["whenever"], "whenever"),
        (["opening"], ["9" * 1001], "shorter"),
        (["public_phone"], ["call me"], "A phone number has digits"),
        (["area_square_decimetres"], ["0"], "from 0.01 to 10000"),
        (["capacity"], ["1.5"], "This is no whole number."),
        (["facilities"], ["wifi, jacuzzi"], "Not known here: jacuzzi"),
        (["facilities"], ["haircut"], "Not known here: haircut"),
        (["amap"], ["perhaps"], "Write yes, no, or the date"),
        (["status"], ["closed"], "Say why the station closes."),
        (["status", "reopens_on"], ["open", "2027-01-01"], "temporarily closed opens again"),
        (
            ["status", "status_reason", "status_since", "reopens_on"],
            ["closed", "x", "2027-01-02", "2027-01-01"],
            "Enter a day after",
        ),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_taken_in(client, district, headings, cells, words):
    good = dict(zip(HEADINGS, a_row(district, "A1"), strict=True))
    wrong = good | {"code": "A2"} | dict(zip(headings, cells, strict=True))
    keys = list(wrong)

    location = send(
        client, table([good.get(key, "") for key in keys], list(wrong.values()), headings=keys)
    ).location

    assert words in client.get(location).text
    assert client.post(f"{location}/apply").status_code == 302
    assert stations() == {}
    assert client.get(location).status_code == 200  # still there, to look at


def test_the_errors_can_be_taken_along(client, district):
    location = send(client, table(a_row(district, name=""), a_row(district, "X Y"))).location

    page = openpyxl.load_workbook(io.BytesIO(client.get(f"{location}/errors").data)).active
    assert [[cell.value for cell in row[:3]] for row in page.iter_rows(min_row=2)] == [
        [2, "Name", ""],
        [3, "Code", "X Y"],
    ]


def test_a_code_twice_in_a_table_is_an_error(client, district):
    location = send(client, table(a_row(district, "a1"), a_row(district, "A1"))).location

    assert "Row 2 has the same." in client.get(location).text


def test_stations_of_others_are_refused_without_telling_of_them(client, client_for, district):
    theirs = StationFactory(code="T1", name="Secret place", owner=OrganizationFactory())
    theirs.partners.append(district)
    db.session.commit()
    location = send(client, table(a_row(district, "T1"))).location

    page = client.get(location).text
    assert "This code belongs to a station that you do not look after." in page
    assert "Secret place" not in page
    client.post(f"{location}/apply")
    assert stations()["T1"].name == "Secret place"


def test_a_station_cannot_be_given_to_or_opened_for_a_union_out_of_reach(client, district):
    elsewhere = OrganizationFactory()
    StationFactory(code="A1", owner=district)
    db.session.commit()

    location = send(client, table(a_row(elsewhere, "A1"), a_row(elsewhere, "A2"))).location

    assert client.get(location).text.count("You run no stations for") == 2


def test_the_new_owner_shares_the_station_with_itself_no_longer(client, district):
    below = OrganizationFactory(parent=district)
    station = StationFactory(code="A1", owner=district)
    station.partners.append(below)
    db.session.commit()

    take_in(client, table(a_row(below, "A1")))

    assert stations()["A1"].owner_id == below.id
    assert db.session.scalar(select(func.count()).select_from(StationPartner)) == 0


def test_the_list_and_its_filter_say_what_is_sent_out(client, district):
    for code, name in (("A1", "Harbour"), ("A2", "Bridge"), ("A3", "Harbour hut")):
        StationFactory(code=code, name=name, owner=district)
    StationFactory(code="Z1", name="Harbour", owner=OrganizationFactory())

    content = client.get("/stations/directory.xlsx?text=harbour").data
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["A1", "A3"]


def test_private_phones_are_sent_only_to_those_who_look_after_the_station(
    client_for, district, full_station
):
    auditor = client_for(UserFactory(role=Role.AUDITOR, organization=district))

    assert "13800138000" not in auditor.get("/stations/directory.csv").text
    assert "潞城驿站" in auditor.get("/stations/directory.csv").text


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.VOLUNTEER, Role.STATION_LEAD])
def test_only_those_who_look_after_stations_take_tables_in(client_for, district, role):
    client = client_for(UserFactory(role=role, organization=district))

    assert client.get("/stations/import").status_code == 403
    assert client.get("/stations/directory/template").status_code == 403


def test_what_others_sent_is_not_theirs_to_see(client, client_for, district):
    location = send(client, table(a_row(district))).location
    other = client_for(UserFactory(role=Role.PLANNER, organization=district))

    for path in ("", "/errors"):
        assert other.get(location + path).status_code == 404
    for path in ("/apply", "/discard"):
        assert other.post(location + path).status_code == 404


def test_a_table_is_applied_once_or_discarded(client, district):
    location = send(client, table(a_row(district))).location
    client.post(f"{location}/apply")
    assert client.post(f"{location}/apply").status_code == 404

    other = send(client, table(a_row(district))).location
    client.post(f"{other}/discard")
    assert client.get(other).status_code == 404
    assert len(stations()) == 1
    assert db.session.scalar(select(StagedUpload)) is None


def test_a_table_is_compared_with_what_is_there_when_it_is_applied(client, district):
    location = send(client, table(a_row(district, "A1"))).location
    StationFactory(code="A1", owner=OrganizationFactory())
    db.session.commit()

    client.post(f"{location}/apply")
    assert stations()["A1"].name != "新站"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_can_be_sent_as_it_is(client_for, planner, district, language):
    client = client_for(planner, language)
    content = client.get("/stations/directory/template").data

    assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames) == 2
    location = send(client, content).location
    assert "1" in client.get(location).text
    assert client.post(f"{location}/apply").status_code == 302
    station = stations()["BJ0001"]
    assert station.rules
    assert len(station.features) == 4
    assert len(station.listings) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("separator", ["、", ", ", "；", "\n"])
def test_every_facility_is_known_by_its_word_also_one_with_a_comma_in_it(app, language, separator):
    with in_language_of(language):
        words = separator.join(str(one.label) for one in FACILITIES)
        columns = {column.key: column for column in columns_for({})}
        assert columns["facilities"].parse(words) == frozenset(FACILITIES)


def test_a_word_may_hold_what_separates_words(app):
    class Thing(Labelled):
        AID = "aid", "轮椅、拐杖"
        CHAIR = "chair", "轮椅"

    assert members_of(Thing)("轮椅，轮椅、拐杖") == {Thing.CHAIR, Thing.AID}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_example_can_be_read(app, language):
    with in_language_of(language):
        for column in columns_for({"朝阳区总工会": 1}):
            if example := str(column.example):
                assert column.parse(example) is not None


def test_the_number_of_queries_does_not_grow_with_the_table(client, district, count_queries):
    def queries_for(rows: int) -> tuple[int, int]:
        content = table(*(a_row(district, f"N{rows}X{n}") for n in range(rows)))
        location = send(client, content).location
        with count_queries() as looking:
            client.get(location)
        with count_queries() as applying:
            client.post(f"{location}/apply")
        # SQLite gives new ids back one at a time; PostgreSQL gives hundreds.
        set_based = [one for one in applying if "INSERT INTO audit_entry" not in one]
        return len(looking), len(set_based)

    assert queries_for(3) == queries_for(90)
