"""Codes that the system proposes and people may overrule."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.core.db import db


def propose_code(column: InstrumentedAttribute[str], prefix: str) -> str:
    """Give the first free code like ``S0042``, counted on from the number of rows there are.

    Two people may be proposed the same code at once: the unique column decides.
    """
    number = (db.session.scalar(select(func.count(column))) or 0) + 1
    while db.session.scalar(select(exists().where(column == _code(prefix, number)))):
        number += 1
    return _code(prefix, number)


def _code(prefix: str, number: int) -> str:
    return f"{prefix}{number:04d}"
