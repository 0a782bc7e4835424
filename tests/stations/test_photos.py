"""Photos of a station: at most twelve, seen by whoever sees the station."""

import io
import uuid

import pytest
from PIL import Image
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.files.models import StoredFile
from carecampaign.stations.models import PhotoKind, StationPhoto
from tests.factories import StationFactory, UserFactory


def picture(kind: str = "JPEG") -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(stream, kind)
    stream.seek(0)
    return stream


def send(client, station, content=None, name="门口.jpg", **more):
    form = {
        "command_id": str(uuid.uuid4()),
        "kind": "outside",
        "caption": "门口",
        "photo": (content or picture(), name),
    } | more
    return client.post(f"/stations/{station.id}/photos/new", data=form)


def photos() -> list[StationPhoto]:
    db.session.rollback()
    return list(db.session.scalars(select(StationPhoto).order_by(StationPhoto.id)))


def test_a_photo_is_added_and_shown(client_for, planner, station):
    client = client_for(planner)

    response = send(client, station)

    assert response.location == f"/stations/{station.id}"
    [photo] = photos()
    assert (photo.kind, photo.caption, photo.file.name) == (PhotoKind.OUTSIDE, "门口", "门口.jpg")
    page = client.get(f"/stations/{station.id}").text
    for size in ("full", "thumb"):
        url = f"/stations/{station.id}/photos/{photo.id}/{size}"
        assert url in page
        with client.get(url) as answer:
            assert answer.mimetype == "image/jpeg"
    assert client.get(f"/stations/{station.id}/photos/{photo.id}/huge").status_code == 404


def test_the_same_form_sent_twice_adds_one_photo(client_for, planner, station):
    client, command = client_for(planner), str(uuid.uuid4())

    for _ in range(2):
        assert send(client, station, command_id=command).status_code == 302

    assert len(photos()) == 1
    assert len(db.session.scalars(select(StoredFile)).all()) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"content": io.BytesIO(b"<svg/>")}, "no photo that can be read"),
        ({"content": io.BytesIO(b"")}, "no photo that can be read"),
        ({"photo": ""}, "Choose a photo."),
        ({"kind": "roof"}, "Not a valid choice."),
        ({"caption": "长" * 61}, "longer than 60"),
    ],
)
def test_what_is_no_photo_is_refused(client_for, planner, station, more, words):
    response = send(client_for(planner), station, **more)

    assert response.status_code == 422
    assert words in response.text
    assert photos() == []


def test_a_station_has_twelve_photos_at_most(client_for, planner, station):
    client = client_for(planner)
    for _ in range(12):
        send(client, station)

    response = send(client, station)

    assert response.status_code == 422
    assert "already has 12 photos" in response.text
    assert len(photos()) == 12
    assert "/photos/new" not in client.get(f"/stations/{station.id}").text


def test_the_words_of_a_photo_are_changed(client_for, planner, station):
    client = client_for(planner)
    send(client, station)
    [photo] = photos()
    url = f"/stations/{station.id}/photos/{photo.id}/edit"
    assert 'value="门口"' in client.get(url).text

    client.post(url, data={"kind": "sign", "caption": "标识牌"})

    assert [(photo.kind, photo.caption) for photo in photos()] == [(PhotoKind.SIGN, "标识牌")]
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.changes == {"photo_kind": ["outside", "sign"], "caption": ["门口", "标识牌"]}


def test_a_photo_is_removed_with_its_file(client_for, planner, station):
    client = client_for(planner)
    send(client, station)

    client.post(f"/stations/{station.id}/photos/{photos()[0].id}/remove")

    assert photos() == []
    assert db.session.scalars(select(StoredFile)).all() == []


def test_a_stranger_sees_no_photo(client_for, planner, station, district):
    client = client_for(planner)
    send(client, station)
    [photo] = photos()
    other = StationFactory(owner=district)
    db.session.commit()
    path = f"photos/{photo.id}/full"

    assert client.get(f"/stations/{other.id}/{path}").status_code == 404
    stranger = client_for(UserFactory(role=Role.PLANNER))
    assert stranger.get(f"/stations/{station.id}/{path}").status_code == 404
    assert stranger.post(f"/stations/{station.id}/photos/{photo.id}/remove").status_code == 404
    assert stranger.get(f"/stations/{station.id}/photos/new").status_code == 404
