"""Words on screen: msgids are English, Chinese ships complete."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Any, Self

from flask_babel import force_locale, gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"

_: Callable[..., str] = gettext
_l: Callable[..., LazyString] = lazy_gettext
_n: Callable[..., str] = ngettext


class Labelled(StrEnum):
    """A closed list whose members carry words for the screen and a tone for their badge.

    Write members as ``DRAFT = "draft", _l("Draft")`` or, with a tone (one of secondary,
    info, success, warning, danger), ``DRAFT = "draft", _l("Draft"), "secondary"``.
    """

    label: LazyString
    tone: str

    def __new__(cls, value: str, label: LazyString = "", tone: str = "secondary") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        return member


def choices(kind: type[Labelled]) -> list[tuple[str, Any]]:
    """Give a closed list as the choices of a select field."""
    return [(member.value, member.label) for member in kind]


def in_language_of(language: str) -> AbstractContextManager[None]:
    """Speak a language ("zh", "en") inside the block, whatever the request speaks."""
    scope: AbstractContextManager[None] = force_locale(language)
    return scope
