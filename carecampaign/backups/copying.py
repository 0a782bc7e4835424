"""The rows of all tables into files and back, by the means each database has for it.

Both take a snapshot while people work, and bring it back inside the transaction that is open:
until it commits, everybody sees what was there before.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table

from carecampaign.core.db import Base, current_connection, db

SNAPSHOT = "rows.db"


def take_snapshot(folder: Path) -> None:
    """Write the rows of all tables, as they are at one moment, into files of a folder."""
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database)).absolute()
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(folder / SNAPSHOT),))
        return
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        driver = _driver(connection)
        for table in _tables():
            with (folder / f"{table.name}.copy").open("wb") as file, driver.cursor() as cursor:
                statement = sql.SQL("COPY {} ({}) TO STDOUT").format(*_named(table))
                with cursor.copy(statement) as copy:
                    file.writelines(bytes(block) for block in copy)


def restore_snapshot(folder: Path) -> None:
    """Put the rows of the files in the place of all there are, in the open transaction.

    On SQLite the files must stay where they are until it has ended.
    """
    driver = _driver(current_connection())
    if isinstance(driver, sqlite3.Connection):
        _restore_sqlite(driver, folder / SNAPSHOT)
    else:
        _restore_postgresql(driver, folder)


def _restore_sqlite(driver: sqlite3.Connection, snapshot: Path) -> None:
    driver.execute("PRAGMA defer_foreign_keys=ON")  # until this transaction ends
    driver.execute("ATTACH ? AS snapshot", (str(snapshot),))
    for table in _tables():
        name, columns = _quoted(table.name), ", ".join(_quoted(it.name) for it in table.columns)
        driver.execute(f"DELETE FROM main.{name}")  # noqa: S608 - our own tables
        driver.execute(
            f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM snapshot.{name}"  # noqa: S608 - our own tables
        )


def forget_snapshot() -> None:
    """Let go of what SQLite still holds open, once the transaction has ended."""
    if db.engine.dialect.name == "sqlite":
        db.session.remove()
        db.engine.dispose()


def _restore_postgresql(driver: psycopg.Connection[Any], folder: Path) -> None:
    with driver.cursor() as cursor:
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in _tables())
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        for table in _tables():
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(*_named(table))
            with (
                (folder / f"{table.name}.copy").open("rb") as file,
                cursor.copy(statement) as copy,
            ):
                for block in _blocks(file):
                    copy.write(block)
            if (column := table.autoincrement_column) is not None:
                _continue_counting(cursor, table, column.name)


def _continue_counting(cursor: psycopg.Cursor[Any], table: Table, column: str) -> None:
    """Let new rows have ids beyond those that came back."""
    cursor.execute(
        sql.SQL(
            "SELECT setval(pg_get_serial_sequence(%s, %s), max(own.id), max(own.id) IS NOT NULL)"
            " FROM (SELECT max({column}) AS id FROM {table}) AS own"
        ).format(column=sql.Identifier(column), table=sql.Identifier(table.name)),
        (_quoted(table.name), column),
    )


def _tables() -> list[Table]:
    return Base.metadata.sorted_tables


def _named(table: Table) -> tuple[sql.Composable, sql.Composable]:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    return sql.Identifier(table.name), columns


def _quoted(name: str) -> str:
    return f'"{name}"'


def _driver(connection: Any) -> Any:  # noqa: ANN401 - of either database
    return connection.connection.driver_connection


def _blocks(file: Any) -> Iterator[bytes]:  # noqa: ANN401 - a binary file
    while block := file.read(1 << 20):
        yield block
