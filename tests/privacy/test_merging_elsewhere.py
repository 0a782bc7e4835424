"""Served under an entry of another unit: one learns the day, and nothing else."""

from datetime import date
from io import BytesIO

import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries.contacts import Numbers
from carecampaign.beneficiaries.services import pairs
from carecampaign.core.babel import show_date
from carecampaign.core.db import db
from carecampaign.distributions import services
from carecampaign.distributions.models import Outcome
from carecampaign.distributions.queries import served_elsewhere, served_with
from carecampaign.distributions.services import Refusal
from tests.distributions.scene import set_the_scene, staff
from tests.factories import (
    CampaignFactory,
    OccupationFactory,
    OrganizationFactory,
    PersonFactory,
)

PHONE, ID, OTHER_ID = "13800138000", "11010119900307002X", "110101199003074477"
HELD_ON = date(2026, 12, 1)


@pytest.fixture
def scene(app):
    return set_the_scene()


@pytest.fixture
def serve(scene):
    """Serve somebody of these numbers at the scene's event; give the handout's id."""

    def serve(**numbers):
        person = PersonFactory(organization=scene.event.unit, **numbers)
        return scene.log(person_id=person.id).id

    return serve


def elsewhere(campaign, person) -> date | None:
    return served_elsewhere(campaign.id, [person.id]).get(person.id)


@pytest.mark.parametrize(
    ("there", "here", "is_known"),
    [
        ({"id_number": ID}, {"id_number": ID}, True),
        ({"phone": PHONE}, {"phone": PHONE}, True),
        ({"phone": PHONE}, {"phone": PHONE, "id_number": ID}, True),
        ({"phone": PHONE, "id_number": "002X"}, {"phone": PHONE, "id_number": ID}, True),
        ({"phone": PHONE, "id_number": ID}, {"id_number": ID}, True),
        # A family's phone; the end of an ID number alone; nothing to go by.
        ({"phone": PHONE, "id_number": OTHER_ID}, {"phone": PHONE, "id_number": ID}, False),
        ({"phone": PHONE, "id_number": "4477"}, {"phone": PHONE, "id_number": ID}, False),
        ({"phone": PHONE, "id_number": "4477"}, {"phone": PHONE, "id_number": "002X"}, False),
        ({"id_number": ID}, {"id_number": "002X"}, False),
        ({}, {}, False),
    ],
)
def test_the_same_number_means_the_same_person(scene, serve, there, here, is_known):
    serve(**there)
    stranger = PersonFactory(**here)
    expected = HELD_ON if is_known else None

    assert elsewhere(scene.campaign, stranger) == expected
    numbers = Numbers(here.get("phone"), here.get("id_number"))
    assert served_with(scene.campaign.id, [Numbers(None, None), numbers]) == [None, expected]


def test_the_person_themselves_are_not_elsewhere(scene):
    person = PersonFactory(organization=scene.event.unit, phone=PHONE)
    scene.log(person_id=person.id)

    assert elsewhere(scene.campaign, person) is None


def test_another_campaign_says_nothing(scene, serve):
    serve(phone=PHONE)

    assert elsewhere(CampaignFactory(), PersonFactory(phone=PHONE)) is None


def test_what_was_taken_back_was_not_given(scene, serve):
    handout_id = serve(phone=PHONE)
    services.void_handout(handout_id, void_id=uuid_utils.uuid7(), reason="Wrong", by=SYSTEM)

    assert served_with(scene.campaign.id, [Numbers(PHONE, None)]) == [None]


def test_whom_somebody_found_to_be_different_is_different(scene, serve):
    served = PersonFactory(organization=scene.event.unit, phone=PHONE)
    scene.log(person_id=served.id)
    brother = PersonFactory(phone=PHONE)
    pair = pairs.name_pair(served, brother, by=SYSTEM)
    assert elsewhere(scene.campaign, brother) == HELD_ON

    pairs.judge_different(pair, by=SYSTEM)
    db.session.flush()

    assert elsewhere(scene.campaign, brother) is None


def test_handing_out_before_the_fact_is_refused_with_the_day(scene, serve):
    serve(phone=PHONE)
    stranger = PersonFactory(organization=scene.event.unit, phone=PHONE)

    refused = scene.log(person_id=stranger.id)
    given = scene.log(person_id=stranger.id, already_given=True)

    assert refused.reasons == (Refusal.SERVED_BEFORE,)
    assert [broken.last_on for broken in refused.broken] == [HELD_ON]
    assert given.outcome is Outcome.FLAGGED


def test_whoever_takes_a_roster_in_is_told_the_row_and_the_day(scene, serve, client_for):
    unit = OrganizationFactory()
    scene.campaign.units.append(unit)
    OccupationFactory(name="快递员", name_en="Courier")
    serve(name="张伟", phone=PHONE)
    client = client_for(staff(unit))
    rows = f"姓名,职业,手机号\n李娜,快递员,\n张玮,快递员,{PHONE}\n"

    location = client.post(
        "/persons/import",
        data={
            "organization_id": unit.id,
            "list_id": scene.campaign.id,
            "file": (BytesIO(rows.encode()), "roster.csv"),
        },
    ).location
    text = client.get(location).text

    assert "1 person was served in this campaign before" in text
    assert f"row 3 on {show_date(HELD_ON)}" in text
    assert "张伟" not in text
