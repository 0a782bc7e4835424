"""Names as people look for them: plain, without the surname, in pinyin and by initials."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.style import convert

# Read otherwise as a surname than as a word.
_SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "澹台": "tan tai",
    "单于": "chan yu",
    "长孙": "zhang sun",
    "洗马": "xian ma",
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "任": "ren",
    "华": "hua",
    "翟": "zhai",
    "乐": "yue",
    "盖": "ge",
    "朴": "piao",
    "缪": "miao",
    "冼": "xian",
    "洗": "xian",
    "员": "yun",
    "贠": "yun",
    "繁": "po",
    "秘": "bi",
    "种": "chong",
    "郗": "chi",
    "牟": "mu",
    "召": "shao",
    "黑": "he",
    "折": "she",
    "覃": "qin",
    "隗": "wei",
    "藏": "zang",
    "祭": "zhai",
    "卜": "bu",
    "都": "du",
    "逯": "lu",
    "佴": "nai",
    "能": "nai",
    "粘": "nian",
    "尉": "wei",
    "句": "gou",
    "阚": "kan",
    "葛": "ge",
    "宁": "ning",
    "应": "ying",
    "燕": "yan",
}
_PAIRS = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
    "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门南荣"
    "第五单于洗马"
)
_COMPOUND = frozenset(_PAIRS[start : start + 2] for start in range(0, len(_PAIRS), 2))
_LONGEST_COMPOUND = 2
_POINTS = re.compile(r"[·•・．]")
"""What parts the names of some peoples, who have no surname: 买买提·艾力."""


class Spelled(NamedTuple):
    """A name in the forms it is looked for by, all without spaces and points, in lower case."""

    name: str
    given: str
    pinyin: str
    initials: str


def spell(name: str) -> Spelled:
    """Give the forms of a name; of one that begins with no surname, ``given`` is its last word."""
    whole = plain(name)
    if _has_surname(name):
        given = whole[len(_surname_of(whole)) :]
    else:
        words = _words(name)
        given = plain(words[-1]) if words else ""
    return Spelled(whole, given, *_joined(_syllables_of(name)))


def alike(name: str) -> frozenset[str]:
    """Give the pinyin of names that are easily taken for this one, and its own.

    In those one syllable is another that is one letter off (misheard, or a slip of the
    finger), or two neighbouring ones have changed places.
    """
    syllables = _syllables_of(name)
    spellings = {"".join(syllables)}
    for place, syllable in enumerate(syllables):
        before, after = syllables[:place], syllables[place + 1 :]
        spellings |= {"".join([*before, other, *after]) for other in _one_letter_off(syllable)}
        spellings.add("".join([*before, *after[:1], syllable, *after[1:]]))
    return frozenset(spellings)


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Make texts comparable: one spelling of each sign, no spaces and points, lower case."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in composed if sign.isalnum())


def _has_surname(name: str) -> bool:
    return _is_chinese(plain(name)[:1]) and not _POINTS.search(name)


def _words(name: str) -> list[str]:
    return _POINTS.sub(" ", name).split()


def _syllables_of(name: str) -> list[str]:
    if not _has_surname(name):
        return [plain(syllable) for word in _words(name) for syllable in _read(word)]
    whole = plain(name)
    surname = _surname_of(whole)
    return [*_read_surname(surname), *_read(whole[len(surname) :])]


def _surname_of(name: str) -> str:
    pair = name[:_LONGEST_COMPOUND]
    return pair if pair in _COMPOUND and len(name) > _LONGEST_COMPOUND else name[:1]


def _read_surname(surname: str) -> tuple[str, ...]:
    known = _SURNAMES.get(surname)
    return tuple(known.split()) if known else _read(surname)


@lru_cache(maxsize=16_384)
def _read(text: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(text, style=Style.NORMAL))


def _joined(syllables: Sequence[str]) -> tuple[str, str]:
    return "".join(syllables), "".join(syllable[:1] for syllable in syllables)


@lru_cache(maxsize=4_096)
def _is_chinese(sign: str) -> bool:
    return bool(sign) and unicodedata.name(sign, "").startswith("CJK")


@cache
def _one_letter_off(syllable: str) -> frozenset[str]:
    return _all_syllables().intersection(_edits(syllable)) - {syllable}


def _edits(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        for letter in ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]


@cache
def _all_syllables() -> frozenset[str]:
    readings = {reading for several in PINYIN_DICT.values() for reading in several.split(",")}
    return frozenset(convert(reading, Style.NORMAL, strict=True) for reading in readings)
