"""Prove by a password who somebody is, slowly enough for whoever guesses."""

from flask import current_app, request

from carecampaign.accounts import services
from carecampaign.accounts.passwords import is_right
from carecampaign.accounts.queries import Credentials
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l


class WrongPassword(DomainError):
    """Which of the two was wrong is not said: that would help whoever guesses."""

    def __init__(self) -> None:
        super().__init__(_l("The account name or the password is wrong."))


def prove(credentials: Credentials | None, name: str, password: str) -> Credentials:
    """Give the credentials back when the password is theirs; it takes as long when not.

    The attempt is counted before the password is looked at, and hashing stands between two
    transactions. Raises TooManyAttempts and WrongPassword.
    """
    with transaction():
        attempt = services.note_attempt(name, credentials, address=request.remote_addr)
    kept = None if credentials is None else credentials.password_hash
    if not is_right(password, kept) or credentials is None:
        current_app.logger.warning("wrong password from %s", request.remote_addr)
        raise WrongPassword
    with transaction():
        services.forget_attempt(attempt)
    return credentials
