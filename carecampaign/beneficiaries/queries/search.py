"""Find persons by what they are called, by the last four of a number, or by their card."""

from sqlalchemy import ColumnElement, and_, false, literal, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import InstrumentedAttribute

from carecampaign.beneficiaries.codes import read_code
from carecampaign.beneficiaries.keys import indexes_of_tail
from carecampaign.beneficiaries.models import Card, CardState, Person
from carecampaign.beneficiaries.numbers import as_last_four
from carecampaign.beneficiaries.queries.cards import CONDITIONS, is_card
from carecampaign.beneficiaries.spelling import plain
from carecampaign.core.db import db

_LAST = "\U0010ffff"
# By name, yet not by its index: PostgreSQL would walk along that, through everybody, until it
# met enough of those who are found.
BY_NAME = (Person.name.concat(""), Person.id)

_Found = aliased(Person)
_BY_LETTERS = ("pinyin", "initials", "given_key", "employer_key")
_BY_SIGNS = ("name_key", "given_key", "employer_key")


def is_found_by(text: str) -> ColumnElement[bool]:
    """Give the condition that a person is found by a text, each way of it by an index.

    The name, what follows the surname, the pinyin of the name, its initials or the employer
    begins with the text; or it is the last four of the phone or ID number, or the code of a
    card that is bound to the person and valid.
    """
    if db.engine.dialect.name == "postgresql":
        return or_(false(), *_ways(Person, text))
    # Of the same with OR, SQLite makes a walk through everything.
    ways = _ways(_Found, text)
    found = [select(_Found.id).where(way) for way in ways]
    return Person.id.in_(union_all(*found)) if found else false()


def _ways(person: type[Person], text: str) -> list[ColumnElement[bool]]:
    code = read_code(text)
    if code is None:
        return _ways_of_words(person, text)
    # A word may look like a code, too.
    holders = select(Card.person_id).where(is_card(code), CONDITIONS[CardState.BOUND])
    return [*_ways_of_words(person, text), person.id.in_(holders)]


def _ways_of_words(person: type[Person], text: str) -> list[ColumnElement[bool]]:
    last_four = as_last_four(text)
    if last_four is not None:
        phones, ids = indexes_of_tail(last_four)
        return [person.phone_tail.in_(phones), person.id_tail.in_(ids)]
    key = plain(text)
    if not key:
        return []
    columns = _BY_LETTERS if key.isascii() else _BY_SIGNS
    return [_begins_with(getattr(person, column), key) for column in columns]


def _begins_with(column: InstrumentedAttribute[str], key: str) -> ColumnElement[bool]:
    # As a span, which an index serves on both databases; LIKE it serves on neither. The key
    # (letters and digits only) stands in the statement itself: a plan made once for all keys
    # takes every one for frequent, and walks through the register.
    first, after = (literal(text, literal_execute=True) for text in (key, key + _LAST))
    return and_(column >= first, column < after)
