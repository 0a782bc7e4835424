"""Words people write in tables: headings, and the members of closed lists."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask_babel.speaklater import LazyString

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import LANGUAGES, in_language_of

_NOT_A_LETTER = re.compile(r"[\s*＊:：()\[\]（）_/-]+")


def one_of(
    words: Callable[[], Iterable[tuple[Any, str]]], refusal: LazyString
) -> Callable[[str], Any]:
    """Make the reader of a closed list: a member by its value or its words, in any language."""
    known: dict[str, Any] = {}

    def parse(text: str) -> Any:  # noqa: ANN401 - a member of whatever list it is
        if not known:
            known.update(_in_every_language(words))
        member = known.get(text)
        if member is None:
            member = known.get(plain(text))
        if member is None:
            raise DomainError(refusal)
        return member

    return parse


def plain(text: str) -> str:
    """Make words comparable: "* Date " and "date（ ）" are the same."""
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _in_every_language(
    words: Callable[[], Iterable[tuple[Any, str]]],
) -> Iterator[tuple[str, Any]]:
    for language in LANGUAGES:
        with in_language_of(language):
            for member, word in words():
                yield plain(str(word)), member
                yield plain(str(member)), member
