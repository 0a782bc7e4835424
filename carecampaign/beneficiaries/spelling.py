"""Names as people look for them: plain, without the surname, in pinyin and by initials."""

import re
import unicodedata
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

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
    words = _POINTS.sub(" ", name).split()
    if not _is_chinese(whole[:1]) or _POINTS.search(name):
        syllables = [plain(syllable) for word in words for syllable in _read(word)]
        return Spelled(whole, plain(words[-1]) if words else "", *_joined(syllables))
    surname = _surname_of(whole)
    given = whole[len(surname) :]
    return Spelled(whole, given, *_joined([*_read_surname(surname), *_read(given)]))


def plain(text: str) -> str:
    """Make texts comparable: one spelling of each sign, no spaces and points, lower case."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in composed if sign.isalnum())


def _surname_of(name: str) -> str:
    pair = name[:_LONGEST_COMPOUND]
    return pair if pair in _COMPOUND and len(name) > _LONGEST_COMPOUND else name[:1]


def _read_surname(surname: str) -> list[str]:
    known = _SURNAMES.get(surname)
    return known.split() if known else _read(surname)


def _read(text: str) -> list[str]:
    syllables: list[str] = lazy_pinyin(text, style=Style.NORMAL)
    return syllables


def _joined(syllables: list[str]) -> tuple[str, str]:
    return "".join(syllables), "".join(syllable[:1] for syllable in syllables)


def _is_chinese(sign: str) -> bool:
    return bool(sign) and unicodedata.name(sign, "").startswith("CJK")
