"""Phone, ID and membership numbers: read in any spelling, refused with a reason, masked."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

import phonenumbers
from phonenumbers import ValidationResult
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l

LAST_FOUR = 4
ID_LENGTH = 18
MOBILE_LENGTH = 11
LONGEST_UNION_NUMBER = 20
LONGEST_HOUSEHOLD_KEY = 20
_HOME = "CN"
_FILLING = re.compile(r"[\s\-‐-―_()·.]+")
_PHONE_SIGNS = re.compile(r"\+?[0-9]+", re.ASCII)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_ID_SIGNS = re.compile(r"[0-9]+X?", re.ASCII)
_LAST_FOUR_SIGNS = re.compile(r"[0-9]{3}[0-9X]", re.ASCII)
_UNION_NUMBER = re.compile(r"[0-9A-Z]{4,20}", re.ASCII)
_HOUSEHOLD_KEY = re.compile(r"[0-9A-Z]{1,20}", re.ASCII)
_MANY_DIGITS = re.compile(r"(?:[0-9][\s\-]?){7,}")


class NotAPhoneNumber(DomainError):
    """The text is no phone number; the words say why."""

    field = "phone"


class NotAnIdNumber(DomainError):
    """The text is no resident ID number, nor the end of one; the words say why."""

    field = "id_number"


class NotAUnionNumber(DomainError):
    """The text cannot be a membership number."""

    field = "union_number"


class NotAHouseholdKey(DomainError):
    """The text cannot stand for a household."""

    field = "household_key"


def read_phone(text: str) -> str:
    """Give a phone number: a mobile of the mainland as eleven digits, others with +country.

    Raises NotAPhoneNumber.
    """
    signs = _signs(text)
    if _MOBILE.fullmatch(signs):
        return signs
    if _PHONE_SIGNS.fullmatch(signs) is None:
        raise NotAPhoneNumber(_l("A phone number has digits only."))
    try:
        number = phonenumbers.parse(signs, _HOME)
    except phonenumbers.NumberParseException:
        raise NotAPhoneNumber(_l("This is no phone number.")) from None
    national = phonenumbers.national_significant_number(number)
    if phonenumbers.region_code_for_number(number) == _HOME and _MOBILE.fullmatch(national):
        return national
    _check_phone(number, national)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _check_phone(number: phonenumbers.PhoneNumber, national: str) -> None:
    if phonenumbers.is_valid_number(number):
        return
    if national.startswith("1") and len(national) != MOBILE_LENGTH:
        raise NotAPhoneNumber(
            _("A mobile number has 11 digits, this one %(count)s.", count=len(national))
        )
    if phonenumbers.is_possible_number_with_reason(number) == ValidationResult.TOO_LONG:
        raise NotAPhoneNumber(_l("This phone number is too long."))
    raise NotAPhoneNumber(_l("There is no such phone number. A landline needs its area code."))


def read_id_number(text: str) -> str:
    """Give a resident ID number of 18 signs, or the last four of one. Raises NotAnIdNumber."""
    signs = _signs(text).upper()
    if _LAST_FOUR_SIGNS.fullmatch(signs):
        return signs
    if _ID_SIGNS.fullmatch(signs) is None:
        raise NotAnIdNumber(_l("An ID number has digits, and perhaps an X at the end."))
    if len(signs) != ID_LENGTH:
        raise NotAnIdNumber(
            _(
                "An ID number has 18 characters, this one %(count)s; or give its last four.",
                count=len(signs),
            )
        )
    if "X" in signs[:-1]:
        raise NotAnIdNumber(_l("This is no resident ID number."))
    if signs[-1] != ric.calc_check_digit(signs):
        message = _l("The last character does not fit the others: some digit of the ID is wrong.")
        raise NotAnIdNumber(message)
    region, day = signs[:6], signs[6:14]
    if not (_is_a_day(day) and _was_a_region(region, day[:4])):
        message = _l("No such region or date of birth: some digit of the ID number is wrong.")
        raise NotAnIdNumber(message)
    return signs


def _is_a_day(day: str) -> bool:
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def _was_a_region(region: str, year: str) -> bool:
    """Say whether a region had this number in a year: looked up once for a whole roster."""
    try:
        ric.get_birth_place(f"{region}{year}01010000")
    except InvalidComponent:
        return False
    return True


def read_union_number(text: str) -> str:
    """Give the number of a union membership card. Raises NotAUnionNumber."""
    signs = _signs(text).upper()
    if _UNION_NUMBER.fullmatch(signs) is None:
        raise NotAUnionNumber(_l("A membership number has 4 to 20 letters and digits."))
    return signs


def read_household_key(text: str) -> str:
    """Give what stands for a household; never the number of a person. Raises NotAHouseholdKey."""
    signs = _signs(text).upper()
    if _HOUSEHOLD_KEY.fullmatch(signs) is None:
        raise NotAHouseholdKey(_l("A household code has at most 20 letters and digits."))
    if holds_a_number(signs):
        raise NotAHouseholdKey(
            _l("Do not use a phone or ID number as the household code: choose a short one.")
        )
    return signs


def holds_a_number(text: str) -> bool:
    """Say whether a text has so many digits in a row as only the number of somebody has."""
    return _MANY_DIGITS.search(unicodedata.normalize("NFKC", text)) is not None


def as_last_four(text: str) -> str | None:
    """Give a text as the last four signs of a number, None where it is something else."""
    signs = _signs(text).upper()
    return signs if _LAST_FOUR_SIGNS.fullmatch(signs) else None


def mask_phone(phone: str) -> str:
    """Show a phone number without its middle: 138****1234."""
    shown = 3 if len(phone) >= MOBILE_LENGTH else 0
    return f"{phone[:shown]}****{phone[-LAST_FOUR:]}"


def mask_id_number(number: str) -> str:
    """Show an ID number without its middle: 110***********123X; its end alone as it is."""
    shown = number[:3] if len(number) == ID_LENGTH else "***"
    return f"{shown}***********{number[-LAST_FOUR:]}"


def mask_union_number(number: str) -> str:
    """Show the end of a membership number: ****1234."""
    return f"****{number[-LAST_FOUR:]}" if len(number) > 2 * LAST_FOUR else f"****{number[-2:]}"


def mask_name(name: str) -> str:
    """Show a name on a public list: 张*三, 张*; the first sign, and the last of three or more."""
    return name[:1] + "*" * (len(name) - 2) + name[-1:] if len(name) > 2 else name[:1] + "*"  # noqa: PLR2004


def mask_any(text: str) -> str:
    """Show of whatever stands where a number should its ends only: it may be nearly one."""
    if len(text) <= LAST_FOUR:
        return text
    shown = 3 if len(text) >= MOBILE_LENGTH else 0
    hidden = len(text) - shown - LAST_FOUR
    return f"{text[:shown]}{'*' * hidden}{text[-LAST_FOUR:]}"


def mask_numbers(text: str) -> str:
    """Show a text as it is, unless only the number of somebody has so many digits."""
    return mask_any(text) if holds_a_number(text) else text


def _signs(text: str) -> str:
    return _FILLING.sub("", unicodedata.normalize("NFKC", text))
