"""What the log is measured against: one Flask endpoint that inserts one row and commits."""

import os
import sqlite3

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of the one table."""


class BareRow(Base):
    """One row with a number and a text."""

    __tablename__ = "bare_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    note: Mapped[str]


db = SQLAlchemy(model_class=Base)


def create_app(url: str | None = None) -> Flask:
    """Build the bare application; on SQLite as durable as ours (WAL, synchronous FULL)."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = url or os.environ["DATABASE_URL"]
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _make_durable)
    app.add_url_rule("/", "insert", insert, methods=["POST"])
    return app


def create_table(url: str) -> None:
    """Create the one table, before several workers start at once."""
    with create_app(url).app_context():
        db.create_all()
        db.engine.dispose()


def insert() -> ResponseReturnValue:
    """Insert one row and commit."""
    db.session.add(BareRow(quantity=1, note="bare"))
    db.session.commit()
    return {"ok": True}


def _make_durable(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
