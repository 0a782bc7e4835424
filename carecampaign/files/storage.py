"""The folder of the files' bytes: each is named by its content and never changes."""

import os
import tempfile
from pathlib import Path

from flask import current_app
from sqlalchemy import make_url

from carecampaign.core.settings import INSTANCE

THUMB = "thumb"
FULL = "full"
SIZES = (FULL, THUMB)


def folder() -> Path:
    """Give the folder: ``FILES_FOLDER``, else beside the SQLite file, else under instance."""
    named = current_app.config.get("FILES_FOLDER")
    if named:
        return Path(named)
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        return Path(str(url.database)).absolute().parent / "files"
    return INSTANCE / "files"


def path_of(sha256: str, size: str = FULL) -> Path:
    """Give where the bytes of a file lie, whether they do or not."""
    return folder() / sha256[:2] / (sha256 if size == FULL else f"{sha256}-{size}")


def write(sha256: str, contents: dict[str, bytes]) -> None:
    """Put the sizes of a file in their places, whole or not at all; what is there stays."""
    for size, content in contents.items():
        path = path_of(sha256, size)
        if not path.exists():
            _write_atomically(path, content)


def list_names() -> set[str]:
    """Give the names of the files there are, as ``path_of`` takes them."""
    return {path.name.partition("-")[0] for path in folder().glob("??/[!.]*")}


def unlink(sha256: str) -> None:
    """Delete all sizes of a file, as far as they are there."""
    for size in SIZES:
        path_of(sha256, size).unlink(missing_ok=True)


def remove_left_overs() -> None:
    """Delete what a process that was killed had begun to write; while nobody writes."""
    for path in folder().glob("??/.*"):
        path.unlink(missing_ok=True)


def _write_atomically(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
