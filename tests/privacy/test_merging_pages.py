"""The queue of possible double entries: judged pair by pair, by whoever keeps both entries."""

import re

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.beneficiaries.models import PairGround, Person, PersonPair
from carecampaign.beneficiaries.queries import MergedAway
from carecampaign.beneficiaries.services import pairs
from carecampaign.core.db import db
from carecampaign.jobs.models import Job
from carecampaign.privacy.services import merge
from carecampaign.privacy.views import merging
from tests.factories import OrganizationFactory, PersonFactory, UserFactory

PHONE, ID = "13800138000", "11010119900307002X"


@pytest.fixture
def district(app):
    return OrganizationFactory(name="East District")


@pytest.fixture
def street(district):
    return OrganizationFactory(parent=district, name="West Street")


@pytest.fixture
def planner(district, client_for):
    return client_for(UserFactory(role=Role.PLANNER, organization=district))


@pytest.fixture
def pair(district, street):
    """Two entries of a courier, kept by the district and a street, with one phone number."""
    return pair_of(
        PersonFactory(name="张伟", organization=district, phone=PHONE, employer="韵达快递"),
        PersonFactory(name="张玮", organization=street, phone=PHONE, id_number=ID, employer=""),
    )


def pair_of(one, other, ground=PairGround.SAME_PHONE):
    pair = PersonPair(first_id=one.id, second_id=other.id, ground=ground)
    db.session.add(pair)
    db.session.commit()
    return pair


def another_pair(organization, ground=PairGround.ALIKE):
    return pair_of(*(PersonFactory(organization=organization) for _end in range(2)), ground)


def choices(pair, kept_id, side="first", **changed):
    return {
        "kept_id": kept_id,
        **dict.fromkeys(("name", "occupation", "employer", "id_number", "organization"), side),
    } | changed


def test_the_queue_lists_the_likeliest_first_and_narrows(planner, pair, district, street):
    alike = another_pair(district)
    judged = another_pair(district)
    pairs.judge_different(judged, by=SYSTEM)
    db.session.commit()

    def shown(query=""):
        text = planner.get(f"/persons/duplicates?{query}").text
        body = text.partition("<tbody>")[2].partition("</tbody>")[0]
        return [int(found) for found in re.findall(r"/persons/duplicates/(\d+)", body)]

    assert shown() == [pair.id, alike.id]
    assert shown("ground=alike") == [alike.id]
    assert shown(f"organization_id={street.id}") == [pair.id]
    assert shown("state=judged") == [judged.id]
    assert shown("ground=same_id") == []
    assert "No pair matches" in planner.get("/persons/duplicates?ground=same_id").text
    assert "2 entries" in planner.get("/persons/duplicates").text


def test_without_pairs_the_queue_says_what_to_do(planner):
    assert "Nobody seems to be kept twice" in planner.get("/persons/duplicates").text


def test_two_entries_stand_side_by_side_with_their_numbers_masked(planner, pair):
    text = planner.get(f"/persons/duplicates/{pair.id}").text

    for words in ("张伟", "张玮", "韵达快递", "138****8000", "110***********002X", "West Street"):
        assert words in text
    assert "1 pair left to judge" in text
    assert PHONE not in text
    assert ID not in text


def test_the_same_person_is_merged_and_the_next_pair_comes(planner, pair, district):
    following = another_pair(district)

    response = planner.post(
        f"/persons/duplicates/{pair.id}?ground=",
        data=choices(pair, pair.second_id, name="second", id_number="second"),
    )

    db.session.expire_all()
    kept, gone = (db.session.get_one(Person, id_) for id_ in (pair.second_id, pair.first_id))
    assert (kept.name, kept.employer) == ("张玮", "韵达快递")
    assert (kept.phone, kept.id_number) == (PHONE, ID)
    assert kept.organization is district
    assert gone.merged_into_id == kept.id
    assert response.location.startswith(f"/persons/duplicates/{following.id}")
    text = planner.get(response.location).text
    assert f"Merged: № {gone.id} is now № {kept.id}." in text


def test_whoever_was_slower_is_told_and_goes_on(planner, pair, district, monkeypatch):
    following = another_pair(district)

    def merged_meanwhile(*_ids):
        raise MergedAway(pair.first_id)

    monkeypatch.setattr(merging, "lock_both_for", merged_meanwhile)
    response = planner.post(f"/persons/duplicates/{pair.id}", data=choices(pair, pair.second_id))

    assert response.location == f"/persons/duplicates/{following.id}"
    assert "merged into another one" in planner.get(response.location).text


def test_a_merged_entry_is_shown_where_it_went_and_listed_no_more(planner, pair):
    kept, gone = (db.session.get_one(Person, id_) for id_ in (pair.first_id, pair.second_id))
    merge(gone, kept, taking=(), by=SYSTEM)
    db.session.commit()

    assert planner.get(f"/persons/{gone.id}").location == f"/persons/{kept.id}"
    assert planner.get(f"/persons/{gone.id}/edit").status_code == 404
    assert planner.get(f"/persons/duplicates/{pair.id}").status_code == 404
    for query in ("", "?text=张", "?text=8000", "?text=zhang"):
        text = planner.get(f"/persons{query}").text
        assert f"/persons/{kept.id}" in text
        assert f'"/persons/{gone.id}"' not in text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kept_id": ""}, "Choose one of the two."),
        ({"kept_id": "99999"}, "Not a valid choice"),
        ({"name": ""}, "Choose one of the two."),
        ({"name": "third"}, "Not a valid choice"),
    ],
)
def test_a_choice_that_is_missing_or_none_is_named(planner, pair, changed, words):
    response = planner.post(
        f"/persons/duplicates/{pair.id}", data=choices(pair, pair.first_id) | changed
    )

    assert response.status_code == 422
    assert words in response.text
    assert db.session.get_one(Person, pair.second_id).merged_into_id is None


def test_different_persons_leave_the_queue_and_can_be_put_back(planner, pair, district):
    following = another_pair(district)
    url = f"/persons/duplicates/{pair.id}"

    response = planner.post(f"{url}/different")
    page = planner.get(response.location).text

    assert response.location == f"/persons/duplicates/{following.id}"
    assert f'action="{url}/reopen"' in page
    assert "they were found to be different persons" in planner.get(url).text
    assert planner.post(f"{url}/different").status_code == 409

    assert planner.post(f"{url}/reopen").location == url
    assert "2 pairs left to judge" in planner.get(url).text


def test_the_filters_go_along_the_queue(planner, pair, district):
    first, second = (another_pair(district) for _pair in range(2))
    query = f"?organization_id={district.id}&ground=alike"

    page = planner.get(f"/persons/duplicates/{first.id}{query}").text
    response = planner.post(f"/persons/duplicates/{first.id}/different{query}")
    last = planner.post(f"/persons/duplicates/{second.id}/different{query}")

    assert "2 pairs left to judge" in page
    assert response.location == f"/persons/duplicates/{second.id}{query}"
    assert last.location == f"/persons/duplicates{query}"


def test_after_the_last_pair_come_those_that_were_passed_over(planner, pair, district):
    last = another_pair(district)

    assert f"/persons/duplicates/{pair.id}" in planner.get(f"/persons/duplicates/{last.id}").text


def test_somebody_reports_a_double_entry(planner, district):
    one, other = (PersonFactory(organization=district) for _person in range(2))
    db.session.commit()
    assert "Report a double entry" in planner.get(f"/persons/{one.id}").text
    url = f"/persons/{one.id}/duplicate"
    assert planner.get(url).status_code == 200

    response = planner.post(url, data={"other_id": other.id})

    pair = db.session.scalars(select(PersonPair)).one()
    assert response.location == f"/persons/duplicates/{pair.id}"
    assert "Perhaps entered twice" in planner.get(f"/persons/{other.id}").text


def test_a_number_that_is_nobody_s_of_ones_own_is_refused(planner, district):
    one, stranger = PersonFactory(organization=district), PersonFactory()
    db.session.commit()

    for number, words in (
        (one.id, "the number of this very entry"),
        (stranger.id, "no such person"),
        ("x", "Not a valid integer value"),
        (10**30, "must be between"),
    ):
        response = planner.post(f"/persons/{one.id}/duplicate", data={"other_id": number})
        assert response.status_code == 422
        assert words in response.text
    assert db.session.query(PersonPair).count() == 0


def test_the_whole_register_is_searched_as_a_job(planner):
    response = planner.post("/persons/duplicates/search")

    job = db.session.scalars(select(Job)).one()
    assert response.location == f"/jobs/{job.id}"
    assert planner.post("/persons/duplicates/search").location == f"/jobs/{job.id}"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("place", ["street", "elsewhere"])
def test_a_pair_is_for_those_who_look_after_both(client_for, pair, street, role, place):
    organization = street if place == "street" else OrganizationFactory()
    client = client_for(UserFactory(role=role, organization=organization))
    may_manage = role in {Role.ADMINISTRATOR, Role.PLANNER}
    url = f"/persons/duplicates/{pair.id}"

    answers = {
        client.get(url).status_code,
        client.post(url, data=choices(pair, pair.first_id)).status_code,
        client.post(f"{url}/different").status_code,
        client.post(f"{url}/reopen").status_code,
        client.get(f"/persons/{pair.first_id}/duplicate").status_code,
    }

    assert answers == {404 if may_manage else 403}
    if may_manage:
        assert "张伟" not in client.get("/persons/duplicates").text
    if place == "street":
        assert "Perhaps entered twice" not in client.get(f"/persons/{pair.second_id}").text


def test_a_queue_takes_few_queries(planner, pair, district, count_queries):
    for _pair in range(30):
        another_pair(district)
    db.session.commit()

    for url in ("/persons/duplicates", f"/persons/duplicates/{pair.id}"):
        with count_queries() as sent:
            planner.get(url)
        assert len(sent) <= 12
