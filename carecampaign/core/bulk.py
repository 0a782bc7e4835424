"""Very many rows at once: what the toolkit does for each takes longer than the database does."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlalchemy.exc import DBAPIError

from carecampaign.core.db import Model, current_connection, db


def take_ids(model: type[Model], count: int) -> Sequence[int]:
    """Take ids for rows to be inserted in the open transaction, so that others can name them."""
    if db.engine.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
        numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return db.session.scalars(numbers).all()
    last = db.session.scalar(select(func.max(model.id))) or 0  # nobody else writes meanwhile
    return range(last + 1, last + 1 + count)


def as_kept(column: Column[Any], value: object) -> object:
    """Give a value as the driver takes it for a column."""
    process = column.type.dialect_impl(db.engine.dialect).bind_processor(db.engine.dialect)
    return value if process is None else process(value)


def insert_many(table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows in the open transaction, their values in the order of ``names``.

    They are handed to the driver as they are: see ``as_kept``. Errors of the database are
    those of the toolkit.
    """
    connection = current_connection()
    dialect = connection.dialect
    driver: Any = connection.connection.driver_connection
    quoted = ", ".join(map(dialect.identifier_preparer.quote, names))
    place = f"{dialect.identifier_preparer.format_table(table)} ({quoted})"
    cursor = driver.cursor()
    try:
        if dialect.name == "postgresql":
            with cursor.copy(f"COPY {place} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(names))
            cursor.executemany(f"INSERT INTO {place} VALUES ({marks})", rows)  # noqa: S608 - our own names
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            place, None, error, dialect.loaded_dbapi.Error, dialect=dialect
        ) from error
    finally:
        cursor.close()
