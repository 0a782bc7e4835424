"""What makes a password good enough, and how it is kept: Argon2id, never the text."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l

SHORTEST = 10
LONGEST = 128
"""Signs. Far more than anybody types, and cheap to hash."""

# OWASP's profile for Argon2id: 19 MiB, two passes, one lane; about 20 ms here.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_COMMON_ONES = """
0123456789 01234567890 0987654321 09876543210 1111111111 11111111111 1122334455
112233445566 1212121212 123123123123 1231231231 123321123321 1234512345 12345678900
1234567890 12345678901 123456789012 1234567891 12345678910 123456789a 123456789abc
123456789q 123456789qwe 123456789qq 12345qwert 1234qwerasdf 123qweasdzxc 123qwe123qwe
1314520520 13145201314 147258369147 1472583690 159357258456 1a2b3c4d5e 1q2w3e4r5t
1q2w3e4r5t6y 1qaz2wsx3edc 1qaz@wsx3edc 5201314520 52013145201314 520520520520 5845201314
7777777777 789456123789 8888888888 88888888888 987654321a 9876543210 9999999999
a123456789 a1234567890 a123456789a aa123456789 aaaaaaaaaa abc123456789 abc1234567
abcd123456 abcd1234abcd abcdefghij admin12345 admin123456 administrator asd123456789
asdasdasdasd asdfghjkl1 asdfghjkl123 asdfghjkl; asdf1234567 beijing2008 beijing123
carecampaign carecampaign-demo changeme123 china123456 computer123 helloworld iloveyou123
iloveyou1314 letmein123 p@ssw0rd123 passw0rd123 password01 password12 password123
password1234 password12345 passwordpassword q123456789 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123456
qazwsxedc1 qazwsxedcrfv qq123456789 qwe123456789 qweasdzxc1 qweasdzxc123 qwer12345678
qwer1234qwer qwerty12345 qwerty123456 qwertyuiop qwertyuiop1 qwertyuiop123 root123456
test123456 welcome123 woaini1314 woaini13145 woaini1314520 woaini520520 woaini521521
wang123456 zhang123456 zhongguo123 zxcvbnm123 zxcvbnm1234 zxcvbnm12345 zxc123456789
"""
COMMON = frozenset(_COMMON_ONES.split())
"""Passwords tried first by everybody who guesses, as far as they are long enough."""


class WeakPassword(DomainError):
    """The password would be guessed."""

    field = "password"


def check_policy(password: str, *, username: str) -> None:
    """Accept a password that is long enough and not the first to be guessed.

    Raises WeakPassword.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(_l("Use at least %(number)s characters.", number=SHORTEST))
    if len(password) > LONGEST:
        raise WeakPassword(_l("Use at most %(number)s characters.", number=LONGEST))
    plain = password.casefold()
    if plain == username.casefold():
        raise WeakPassword(_l("The password must not be the account name."))
    if plain in COMMON:
        raise WeakPassword(_l("This password is widely known. Choose another one."))


def hash_password(password: str) -> str:
    """Give what is kept of a password. Takes its time: never call it inside a transaction."""
    return _hasher.hash(_composed(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Say whether a password is the one kept; without one it takes as long and says no."""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody signs in with this")


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)
