"""The base of every error a person using the system can cause and put right."""

from flask_babel.speaklater import LazyString


class DomainError(Exception):
    """A rule of the domain was broken; ``str(error)`` is fit to show on screen."""

    field: str | None = None
    """The form field to blame, when one is to blame."""

    def __init__(self, message: LazyString | str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """There is no such row, or it is not for this person to see: answered as 404."""


class Conflict(DomainError):
    """Somebody else was faster, or the row is no longer in the state this needs: 409."""
