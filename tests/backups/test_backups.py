"""Everything in one file, and back from it, while people work."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text

from carecampaign.backups import copying, services
from carecampaign.backups.models import Epoch
from carecampaign.backups.queries import FIRST, current_epoch
from carecampaign.beneficiaries.models import Person
from carecampaign.core import secrets
from carecampaign.core.db import Base, db, transaction
from carecampaign.files import storage
from carecampaign.files.models import StoredFile
from carecampaign.inventory.services import verification
from tests.conftest import POSTGRES
from tests.distributions.scene import set_the_scene
from tests.factories import OrganizationFactory, PersonFactory

PHONE = "13912345678"


@pytest.fixture
def scene(app):
    """An event with handouts, a person with a number, a file with bytes."""
    scene = set_the_scene()
    scene.log()
    PersonFactory(name="王小明", phone=PHONE)
    db.session.commit()
    return scene


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "backup.tar.gz"


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


def rows() -> dict[str, list[tuple]]:
    """Everything there is, as the database has it."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(str, connection.execute(text(f'SELECT * FROM "{table.name}"'))))
            for table in Base.metadata.sorted_tables
        }


def restore(run, file):
    answer = run(args=["backup", "restore", str(file), "--yes"])
    db.session.rollback()
    return answer


def test_what_came_later_is_gone_and_what_was_there_is_back(run, scene, file):
    before = rows()
    assert run(args=["backup", "create", str(file)]).exit_code == 0
    scene.log()
    with transaction():
        db.session.delete(db.session.scalar(select(Person).where(Person.name == "王小明")))
        OrganizationFactory()
    assert rows() != before

    answer = restore(run, file)

    assert answer.exit_code == 0, answer.output
    after = rows()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"epoch", "audit_entry", "audit_pending"}
    assert db.session.scalar(select(Person.phone).where(Person.name == "王小明")) == PHONE
    assert verification.verify_everything() == []


def test_work_goes_on_after_a_restore(run, scene, file):
    run(args=["backup", "create", str(file)])
    restore(run, file)
    with transaction():
        first = OrganizationFactory()
        second = OrganizationFactory()

    assert first.id < second.id


def test_each_restore_begins_an_epoch(run, scene, file):
    assert current_epoch() == FIRST
    run(args=["backup", "create", str(file)])
    restore(run, file)
    once = current_epoch()
    restore(run, file)

    assert len({FIRST, once, current_epoch()}) == 3
    assert len(db.session.scalars(select(Epoch)).all()) == 1  # the first one came after the backup


def other_engine() -> Engine:
    return create_engine(db.engine.url)


def test_who_writes_meanwhile_is_neither_waited_for_nor_in_it(run, scene, file):
    before = rows()
    other = other_engine()
    with other.connect() as writer:
        if not POSTGRES:
            writer.exec_driver_sql("BEGIN IMMEDIATE")
        writer.execute(text("UPDATE person SET employer = 'Meanwhile'"))
        assert run(args=["backup", "create", str(file)]).exit_code == 0
        writer.commit()
    other.dispose()
    assert rows() != before
    restore(run, file)

    assert rows()["person"] == before["person"]


def test_files_come_back_and_missing_ones_are_named(run, scene, file):
    kept, lost = "a" * 64, "b" * 64
    db.session.add_all(
        StoredFile(name="x", media_type="application/pdf", size=1, sha256=sha256)
        for sha256 in (kept, lost)
    )
    db.session.commit()
    storage.write(kept, {storage.FULL: b"full", storage.THUMB: b"small"})
    answer = run(args=["backup", "create", str(file)])
    assert lost in answer.output
    storage.unlink(kept)

    restore(run, file)

    assert storage.path_of(kept).read_bytes() == b"full"
    assert storage.path_of(kept, storage.THUMB).read_bytes() == b"small"
    storage.unlink(kept)


def test_a_backup_is_for_its_owner_only_holds_no_open_number_and_replaces_nothing(
    run, scene, file
):
    run(args=["backup", "create", str(file)])
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        contents = b"".join(archive.extractfile(member).read() for member in archive)
    assert "王小明".encode() in contents
    assert PHONE.encode() not in contents

    answer = run(args=["backup", "create", str(file)])

    assert (answer.exit_code, "换一个文件名" in answer.output) == (1, True)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_folder_that_is_not_there_is_told(run, scene, tmp_path):
    answer = run(args=["backup", "create", str(tmp_path / "no" / "backup")])

    assert (answer.exit_code, "No such file" in answer.output) == (1, True)


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, 300), slice(0, -2000), slice(5, None)])
def test_what_is_no_whole_backup_changes_nothing(run, scene, file, cut):
    run(args=["backup", "create", str(file)])
    file.write_bytes(file.read_bytes()[cut])
    before = rows()

    answer = restore(run, file)

    assert (answer.exit_code, "没有做任何改动" in answer.output) == (1, True)
    assert rows() == before


def rewritten(file: Path, **facts: object) -> None:
    """Change what a backup says of itself."""
    with tarfile.open(file) as archive:
        members = [(member, archive.extractfile(member).read()) for member in archive]
    with tarfile.open(file, "w:gz") as archive:
        for member, content in members:
            says = content
            if member.name == services.FACTS:
                says = json.dumps(json.loads(content) | facts).encode()
            member.size = len(says)
            archive.addfile(member, io.BytesIO(says))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"database": "oracle"}, "oracle"),
        ({"migrations": ["0001"]}, "版本"),
        ({"keys": ["0" * 16]}, "DATA_KEY"),
        ({"format": 99}, "没有做任何改动"),
        ({"more": 1}, "没有做任何改动"),
    ],
)
def test_a_backup_that_does_not_fit_says_why(run, scene, file, facts, words):
    run(args=["backup", "create", str(file)])
    rewritten(file, **facts)
    before = rows()

    answer = restore(run, file)

    assert (answer.exit_code, words in answer.output) == (1, True)
    assert rows() == before


def test_a_key_that_was_changed_since_still_opens_it(run, scene, file, app):
    run(args=["backup", "create", str(file)])
    secrets.set_data_keys("newer", [app.config["DATA_KEY"]])
    try:
        assert restore(run, file).exit_code == 0
    finally:
        secrets.set_data_keys(app.config["DATA_KEY"])


def test_an_archive_of_somebody_else_writes_nothing_outside(run, scene, file, tmp_path):
    run(args=["backup", "create", str(file)])
    with tarfile.open(file) as archive:
        members = [(member, archive.extractfile(member).read()) for member in archive]
    with tarfile.open(file, "w:gz") as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
        for name in ("../outside", "rows/../../outside", "/tmp/outside", "files/x"):
            hostile = tarfile.TarInfo(name)
            hostile.size = 4
            archive.addfile(hostile, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("files/" + "c" * 64)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)

    assert restore(run, file).exit_code == 0
    assert not (tmp_path.parent / "outside").exists()
    assert not storage.path_of("c" * 64).exists()


def test_without_a_yes_nothing_happens(run, scene, file):
    run(args=["backup", "create", str(file)])
    before = rows()

    assert run(args=["backup", "restore", str(file)], input="n\n").exit_code == 1
    assert rows() == before


def test_a_restore_that_fails_half_way_changes_nothing(run, scene, file, monkeypatch):
    run(args=["backup", "create", str(file)])
    scene.log()
    db.session.commit()
    before = rows()

    def then_fail(folder):
        copying_restore(folder)
        raise OSError("disk full")

    copying_restore = copying.restore_snapshot
    monkeypatch.setattr(copying, "restore_snapshot", then_fail)

    assert restore(run, file).exit_code == 1
    copying.forget_snapshot()
    assert rows() == before
