"""What is kept of a person is given out, or erased, at their wish, as one act."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.beneficiaries.models import Card, CardBatch, Person, PersonPair
from carecampaign.beneficiaries.queries import Erased, MergedAway, PersonFilters, persons_for
from carecampaign.beneficiaries.services import pairs
from carecampaign.campaigns.models import (
    Consent,
    ConsentKind,
    ConsentMeans,
    Notice,
    RosterEntry,
    RosterLock,
)
from carecampaign.campaigns.services import digest_of_roster
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import Served
from carecampaign.inventory.services.verification import verify_everything
from carecampaign.privacy.erasing import ErasureReason
from carecampaign.privacy.services import erase_person, merge
from carecampaign.privacy.services.erasure import NOBODY
from tests.distributions.scene import set_the_scene, staff
from tests.factories import CampaignFactory, PersonFactory

PHONE, ID, UNION_NUMBER = "13812345678", "11010519491231002X", "BJ20261234"


@pytest.fixture
def scene(app):
    return set_the_scene()


@pytest.fixture
def person(scene):
    """Somebody of whom everything there can be is kept."""
    person = PersonFactory(
        name="张小三",
        organization=scene.campaign.organizer,
        employer="韵达快递",
        phone=PHONE,
        id_number=ID,
        union_number=UNION_NUMBER,
        household_key="3B12",
    )
    scene.log(person_id=person.id, note="早班")
    notice = Notice(
        campaign=scene.campaign,
        number=1,
        body="…",
        asks_sensitive=True,
        asks_public_notice=False,
        asks_photo=False,
    )
    batch = CardBatch(organization=person.organization, size=1)
    db.session.add_all(
        [
            Consent(
                campaign=scene.campaign,
                person=person,
                notice=notice,
                kind=ConsentKind.HANDLING,
                means=ConsentMeans.IN_PERSON,
                given_on=clock.today(),
            ),
            Card(
                batch=batch,
                code_index=b"code",
                short_index=b"short",
                person=person,
                bound_at=clock.now(),
            ),
            on_roster(scene.campaign, person),
        ]
    )
    db.session.commit()
    return person


def on_roster(campaign, person):
    return RosterEntry(campaign=campaign, unit=person.organization, person=person)


def erase(person):
    erase_person(person, ErasureReason.REQUESTED, by=SYSTEM)
    db.session.commit()


def test_nothing_that_says_who_it_was_is_left(person):
    erase(person)
    kept = db.session.get(Person, person.id, populate_existing=True)
    sealed = db.session.execute(
        select(Person.phone, Person.id_number, Person.union_number).where(Person.id == person.id)
    ).one()

    assert (kept.name, kept.employer, kept.household_key) == (NOBODY, "", "")
    assert list(sealed) == [None, None, None]
    keys = ("name_key", "given_key", "pinyin", "initials", "employer_key")
    assert {getattr(kept, key) for key in keys} == {""}
    hashes = ("phone_index", "phone_tail", "id_index", "id_tail")
    assert {getattr(kept, key) for key in hashes} == {None}
    assert kept.erased_at is not None


def test_what_was_handed_out_counts_as_before(person, scene):
    times = db.session.scalars(select(Served.times)).all()
    erase(person)

    assert db.session.scalars(select(Served.times)).all() == times == [1]
    assert verify_everything() == []


def test_cards_consents_and_open_rosters_end_with_it(person, scene):
    locked, over = CampaignFactory(), CampaignFactory(state="closed")
    db.session.add_all([on_roster(locked, person), on_roster(over, person)])
    db.session.flush()
    digest = digest_of_roster(locked)
    db.session.add(RosterLock(campaign=locked, persons=1, households=0, figures={}, digest=digest))
    PersonFactory(name="张小三", organization=person.organization, employer="韵达快递")
    pairs.compare([person.id])
    assert db.session.scalars(select(PersonPair)).all()

    erase(person)

    assert db.session.scalars(select(Card.revoked_at)).one() is not None
    assert db.session.scalars(select(Consent.withdrawn_at)).one() is not None
    rosters = db.session.scalars(select(RosterEntry.campaign_id)).all()
    assert sorted(rosters) == sorted([locked.id, over.id])
    assert digest_of_roster(locked) == digest
    assert db.session.scalars(select(PersonPair)).all() == []


def test_somebody_erased_is_found_by_nothing(person, client_for):
    erase(person)
    client = client_for(staff(person.organization))

    assert db.session.scalars(persons_for(SYSTEM, PersonFilters())).all() == []
    for text in ("张小三", "zhangxiaosan", "5678", NOBODY):
        assert f"/persons/{person.id}" not in client.get(f"/persons?text={text}").text
    answer = client.get(f"/persons/{person.id}")
    assert answer.status_code == 404
    assert "was erased" in answer.text
    assert client.get(f"/persons/{person.id}/edit").status_code == 404


def test_an_entry_is_erased_once_and_where_it_is_kept(person, scene):
    other = PersonFactory(organization=person.organization)
    merge(other, person, taking=[], by=SYSTEM)
    with pytest.raises(MergedAway):
        erase_person(other, ErasureReason.REQUESTED, by=SYSTEM)
    erase(person)
    with pytest.raises(Erased):
        erase_person(person, ErasureReason.REQUESTED, by=SYSTEM)


def test_a_planner_erases_with_two_clicks_and_a_reason(person, client_for):
    client = client_for(staff(person.organization))
    assert f"/persons/{person.id}/erase" in client.get(f"/persons/{person.id}").text
    page = client.get(f"/persons/{person.id}/erase").text
    assert "This stays" in page

    assert client.post(f"/persons/{person.id}/erase").status_code == 422
    answer = client.post(f"/persons/{person.id}/erase", data={"reason": "requested"})

    assert answer.status_code == 302
    assert db.session.get(Person, person.id, populate_existing=True).name == NOBODY
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "privacy.erase")
    ).one()
    assert entry.changes == {"reason": "The person asked for it"}
    assert entry.subject_name == f"№ {person.id}"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.FINANCE, Role.STOREKEEPER, Role.AUDITOR])
def test_only_who_looks_after_persons_erases_them(person, client_for, role):
    client = client_for(staff(person.organization, role))

    assert client.post(f"/persons/{person.id}/erase").status_code == 403


def test_a_person_gets_all_that_is_kept_as_a_page_or_a_workbook(person, client_for):
    client = client_for(staff(person.organization))
    url = f"/persons/{person.id}/data"
    assert PHONE not in client.get(url).text
    assert client.post(url, data={"shape": "page", "reason": ""}).status_code == 422

    page = client.post(url, data={"shape": "page", "reason": "本人当面查询"})
    file = client.post(url, data={"shape": "xlsx", "reason": "本人当面查询"})

    book = openpyxl.load_workbook(io.BytesIO(file.data))
    cells = {
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value
    }
    for fact in (PHONE, ID, UNION_NUMBER, "3B12", "Winter package", "早班", "50.00", "Card"):
        assert fact in page.text
        assert fact in cells
    assert page.headers["Cache-Control"] == "no-store"
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_kind == "person")
    ).all()
    assert actions.count("privacy.export_person") == 2


def test_of_somebody_new_nothing_but_the_entry_is_given_out(scene, client_for):
    person = PersonFactory(organization=scene.campaign.organizer)
    client = client_for(staff(person.organization))

    page = client.post(
        f"/persons/{person.id}/data", data={"shape": "page", "reason": "本人当面查询"}
    ).text

    assert page.count("Nothing is kept.") == 6
