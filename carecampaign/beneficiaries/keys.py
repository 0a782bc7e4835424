"""What persons are found by: keys made of their names, keyed hashes of numbers and card codes."""

from sqlalchemy import String

from carecampaign.beneficiaries.numbers import LAST_FOUR
from carecampaign.beneficiaries.spelling import plain, spell
from carecampaign.core.sealed import blind_index, blind_index_of_few, blind_indexes, lasting_index

# Compared byte by byte on both databases, so that an index serves "begins with".
SearchKey = String().with_variant(String(collation="C"), "postgresql")

_PHONE, _PHONE_TAIL = "person.phone", "person.phone last four"
_ID, _ID_TAIL = "person.id_number", "person.id_number last four"
_CODE, _SHORT_FORM = "card.code", "card.code short form"


def search_keys(**values: str | None) -> dict[str, str | bytes | None]:
    """Give the columns to search by that are made of the fields given (name, phone …)."""
    keys: dict[str, str | bytes | None] = {}
    if "name" in values:
        spelled = spell(values["name"] or "")
        keys |= {
            "name_key": spelled.name,
            "given_key": spelled.given,
            "pinyin": spelled.pinyin,
            "initials": spelled.initials,
        }
    if "employer" in values:
        keys["employer_key"] = plain(values["employer"] or "")
    if "phone" in values:
        phone = values["phone"]
        keys["phone_index"] = blind_index(phone, _PHONE) if phone else None
        keys["phone_tail"] = blind_index_of_few(phone[-LAST_FOUR:], _PHONE_TAIL) if phone else None
    if "id_number" in values:
        number = values["id_number"]
        is_whole = number is not None and len(number) > LAST_FOUR
        keys["id_index"] = blind_index(number, _ID) if number and is_whole else None
        keys["id_tail"] = blind_index_of_few(number[-LAST_FOUR:], _ID_TAIL) if number else None
    return keys


def indexes_of_phone(phone: str, *, made: bytes | None = None) -> list[bytes]:
    """Give what the phone number of a person may be kept as in ``phone_index``.

    ``made`` is what it is kept as now, where that is known already.
    """
    return blind_indexes(phone, _PHONE, made=made)


def indexes_of_id(number: str, *, made: bytes | None = None) -> list[bytes]:
    """Give what a whole ID number may be kept as in ``id_index``; ``made`` as above."""
    return blind_indexes(number, _ID, made=made)


def indexes_of_tail(last_four: str) -> tuple[list[bytes], list[bytes]]:
    """Give what the last four signs may be kept as: of a phone number, and of an ID number."""
    return blind_indexes(last_four, _PHONE_TAIL), blind_indexes(last_four, _ID_TAIL)


def index_of_code(code: str) -> bytes:
    """Give what the whole code of a card is kept as in ``code_index``."""
    return lasting_index(code, _CODE)


def index_of_short_form(short: str) -> bytes:
    """Give what the short form of a card's code is kept as in ``short_index``."""
    return lasting_index(short, _SHORT_FORM)
