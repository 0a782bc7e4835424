"""Bytes lie in the folder before their row commits, and no longer than a row names them."""

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.files import responses, services, storage
from carecampaign.files.models import StoredFile
from tests.files.conftest import picture


def test_a_stored_photo_is_described_by_its_row(stored):
    assert (stored.name, stored.media_type) == ("门口.jpg", "image/jpeg")
    assert (stored.width, stored.height) == (60, 40)
    content = storage.path_of(stored.sha256).read_bytes()
    assert stored.size == len(content)


def test_the_same_photo_twice_lies_in_the_folder_once(stored):
    again = services.store_image(picture(), name="again.jpg", by=SYSTEM)

    assert again.sha256 == stored.sha256
    assert again.id != stored.id
    assert storage.list_names() == {stored.sha256}


def test_storing_and_removing_are_audited(stored):
    services.remove(stored, by=SYSTEM)

    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    assert list(actions) == ["files.store", "files.remove"]


def test_sweeping_deletes_what_no_row_names(app, stored):
    db.session.commit()
    services.store_image(picture(size=(10, 10)), name="lost.jpg", by=SYSTEM)
    db.session.rollback()
    assert len(storage.list_names()) == 2
    left_over = storage.path_of(stored.sha256).with_name(".begun")
    left_over.write_bytes(b"half")

    result = app.test_cli_runner().invoke(args=["files", "sweep"])

    assert (result.exit_code, storage.list_names()) == (0, {stored.sha256})
    assert not left_over.exists()


def test_a_photo_two_rows_share_stays_until_the_last_is_gone(app, stored):
    other = services.store_image(picture(), name="again.jpg", by=SYSTEM)
    services.remove(stored, by=SYSTEM)

    assert services.sweep() == 0
    services.remove(other, by=SYSTEM)
    assert services.sweep() == 1
    assert not storage.path_of(other.sha256, storage.THUMB).exists()


def test_sweeping_an_installation_without_photos_does_nothing(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "FILES_FOLDER", str(tmp_path / "none"))

    assert services.sweep() == 0


def test_without_a_setting_the_folder_lies_beside_the_database(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "FILES_FOLDER", None)
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", f"sqlite:///{tmp_path}/care.db")
    assert storage.folder() == tmp_path / "files"

    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg:///care")
    assert storage.folder().parts[-2:] == ("instance", "files")


def test_a_write_that_fails_leaves_nothing(app, monkeypatch):
    def full_disk(_descriptor):
        raise OSError

    monkeypatch.setattr("carecampaign.files.storage.os.fsync", full_disk)
    with pytest.raises(OSError):  # noqa: PT011 - whatever the disk says
        services.store_image(picture(), name="a.jpg", by=SYSTEM)

    assert storage.list_names() == set()
    assert db.session.scalar(select(StoredFile.id)) is not None  # for the caller to roll back
    db.session.rollback()


@pytest.mark.parametrize("size", ["full", "thumb"])
def test_a_photo_is_sent_for_one_reader_and_as_what_it_is(app, stored, size):
    with app.test_request_context():
        response = responses.send(stored, size)

    assert response.mimetype == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private")
    assert "no-store" not in response.headers["Cache-Control"]


def test_a_photo_the_browser_has_is_not_sent_again(app, stored):
    with app.test_request_context():
        etag = responses.send(stored).headers["ETag"]
    with app.test_request_context(headers={"If-None-Match": etag}):
        assert responses.send(stored).status_code == 304
        assert responses.send(stored, "thumb").status_code == 200


@pytest.mark.parametrize("size", ["huge", "../x", ""])
def test_another_size_is_not_found(app, stored, size):
    with app.test_request_context(), pytest.raises(NotFound):
        responses.send(stored, size)


def test_bytes_that_are_lost_are_not_found(app, stored):
    storage.unlink(stored.sha256)

    with app.test_request_context(), pytest.raises(NotFound):
        responses.send(stored)
