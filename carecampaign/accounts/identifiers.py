"""The three ways to name an account when signing in, each brought into one spelling."""

import re
import unicodedata
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l

HOME_REGION = "CN"
"""Where a phone number without a country code belongs."""

LONGEST_EMAIL = 254
LONGEST_USERNAME = 32

# A letter first, so that no account name can be taken for a phone number.
_USERNAME = re.compile(r"^[a-z][a-z0-9._-]{1,31}$")
_LIKE_A_PHONE = re.compile(r"^\+?[\d ()-]{5,24}$")

Kind = Literal["username", "phone", "email"]


class NotAUsername(DomainError):
    """The text cannot be an account name."""

    field = "username"

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Use 2 to 32 letters (a-z), digits, points, hyphens or underscores, "
                "beginning with a letter."
            )
        )


class NotAPhone(DomainError):
    """The text is no phone number that exists."""

    field = "phone"

    def __init__(self) -> None:
        super().__init__(_l("This is not a valid phone number."))


class NotAnEmail(DomainError):
    """The text is no e-mail address."""

    field = "email"

    def __init__(self) -> None:
        super().__init__(_l("This is not a valid e-mail address."))


def normal_username(text: str) -> str:
    """Give an account name in lower case. Raises NotAUsername."""
    username = unicodedata.normalize("NFKC", text).strip().lower()
    if not _USERNAME.match(username):
        raise NotAUsername
    return username


def normal_phone(text: str) -> str:
    """Give a phone number in international form: +8613800138000. Raises NotAPhone."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise NotAPhone from error
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(text: str) -> str:
    """Give an e-mail address in lower case. Raises NotAnEmail."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise NotAnEmail from error
    return checked.normalized.lower()


def read_sign_in_name(text: str) -> tuple[Kind, str]:
    """Tell what was typed as the name when signing in, and give it in its one spelling.

    Raises a DomainError when nobody can have such a name.
    """
    if "@" in text:
        return "email", normal_email(text)
    if _LIKE_A_PHONE.match(unicodedata.normalize("NFKC", text).strip()):
        return "phone", normal_phone(text)
    return "username", normal_username(text)


def masked_phone(phone: str) -> str:
    """Show a phone number without its middle: +86138****8000."""
    return f"{phone[:-8]}****{phone[-4:]}"


def masked_email(email: str) -> str:
    """Show an e-mail address with the first letter of its name only."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"
