"""Everything the system keeps in one file, and back from it: rows of all tables, and files.

The numbers of people stay sealed in it; the keys are not in it and are kept apart.
"""

import gzip
import json
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uuid_utils
from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.backups import copying
from carecampaign.backups.models import Epoch
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.health import newest_migrations
from carecampaign.core.i18n import _, _l
from carecampaign.core.secrets import data_keys, derive
from carecampaign.files import storage
from carecampaign.files.models import StoredFile

FORMAT = 1
FACTS = "backup.json"
ROWS, FILES = "rows", "files"
_ROWS = re.compile(rf"{ROWS}/[a-z0-9_]+\.(?:db|copy)", re.ASCII)
_FILE = re.compile(rf"{FILES}/([0-9a-f]{{64}})(?:-({storage.THUMB}))?", re.ASCII)


class NoBackup(DomainError):
    """The file is no backup, or not a whole one."""

    def __init__(self) -> None:
        super().__init__(_l("This file is no backup, or it is damaged. Nothing has been changed."))


@dataclass(frozen=True)
class Facts:
    """What a backup says of itself: of which database, at which migration, under which keys."""

    database: str
    migrations: list[str]
    keys: list[str]
    made_at: str
    format: int = FORMAT


def create(path: Path) -> list[str]:
    """Write a backup while people work; give the names of files that rows name and nobody has.

    The file is readable by its owner only, and there only when it is whole. Raises
    FileExistsError.
    """
    if path.exists():
        raise FileExistsError(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            facts = _facts()
            copying.take_snapshot(Path(folder))
            part.touch(mode=0o600)
            with gzip.open(part, "wb", compresslevel=1) as packed:
                missing = _pack(packed, facts, Path(folder))
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return missing


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Facts, Path]]:
    """Give what a backup says of itself, and a folder with its rows and files, for a while.

    Raises NoBackup, or DomainError when it cannot be restored here.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        try:
            with tarfile.open(path, "r:gz") as archive:
                facts = Facts(**json.loads(_read_facts(archive)))
                _refuse_what_does_not_fit(facts)
                for member in filter(_is_ours, archive):
                    archive.extract(member, folder, filter="data")
        except (tarfile.TarError, OSError, EOFError, ValueError, TypeError, KeyError) as error:
            raise NoBackup from error
        yield facts, folder


def restore(facts: Facts, folder: Path, *, by: Actor) -> Epoch:
    """Put what was unpacked in the place of all there is, and begin a new epoch.

    The bytes of files come first: they are named by their content and hurt nobody.
    """
    for path in (folder / FILES).glob("*"):
        sha256, _dash, size = path.name.partition("-")  # as ``_FILE`` has it
        storage.write(sha256, {size or storage.FULL: path.read_bytes()})
    db.session.flush()
    copying.restore_snapshot(folder / ROWS)
    db.session.expire_all()
    epoch = Epoch(token=str(uuid_utils.uuid7()), made_at=datetime.fromisoformat(facts.made_at))
    db.session.add(epoch)
    audit.record("backups.restore", epoch, by=by, name=facts.made_at)
    return epoch


def finish() -> None:
    """Let go of the folder of a backup, once the transaction that restored it has ended."""
    copying.forget_snapshot()


def _is_ours(member: tarfile.TarInfo) -> bool:
    known = _ROWS.fullmatch(member.name) or _FILE.fullmatch(member.name)
    return member.isreg() and known is not None


def _facts() -> Facts:
    return Facts(
        database=db.engine.dialect.name,
        migrations=sorted(newest_migrations()),
        keys=[derive(key, "backup")[:8].hex() for key in data_keys()],
        made_at=clock.now().isoformat(timespec="seconds"),
    )


def _refuse_what_does_not_fit(facts: Facts) -> None:
    here = _facts()
    if facts.format != FORMAT:
        raise NoBackup
    if facts.database != here.database:
        raise DomainError(
            _(
                "This backup is of %(theirs)s and can only be restored there; this is %(ours)s.",
                theirs=facts.database,
                ours=here.database,
            )
        )
    if facts.migrations != here.migrations:
        raise DomainError(
            _l(
                "This backup was made by another version of the program."
                " Restore it with that version, then upgrade."
            )
        )
    if not set(facts.keys) <= set(here.keys):
        raise DomainError(
            _l(
                "This backup needs the data keys it was made with:"
                " set DATA_KEY and DATA_KEY_PREVIOUS as they were."
            )
        )


def _pack(packed: gzip.GzipFile, facts: Facts, folder: Path) -> list[str]:
    with tarfile.open(fileobj=packed, mode="w|") as archive:
        says = folder / FACTS
        says.write_text(json.dumps(vars(facts)))
        archive.add(says, FACTS)
        says.unlink()
        for path in sorted(folder.iterdir()):
            archive.add(path, f"{ROWS}/{path.name}")
        return [sha256 for sha256 in _named_files() if not _pack_file(archive, sha256)]


def _named_files() -> list[str]:
    # Read after the snapshot: what is named by now and was not then does no harm.
    return list(db.session.scalars(select(StoredFile.sha256).distinct()))


def _pack_file(archive: tarfile.TarFile, sha256: str) -> bool:
    """Add the sizes of a file that there are; say whether it itself is one of them."""
    for size in storage.SIZES:
        path = storage.path_of(sha256, size)
        if path.exists():
            archive.add(path, f"{FILES}/{path.name}")
    return storage.path_of(sha256).exists()


def _read_facts(archive: tarfile.TarFile) -> bytes:
    member = archive.next()
    file = None if member is None or member.name != FACTS else archive.extractfile(member)
    if file is None:
        raise NoBackup
    return file.read()
