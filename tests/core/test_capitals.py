import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecampaign.core.capitals import in_capitals

DIGITS = "零壹贰叁肆伍陆柒捌玖"
SIZES = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (123_450, "壹仟贰佰叁拾肆元伍角整"),
        (1_008_600, "壹万零捌拾陆元整"),
        (160_000_000, "壹佰陆拾万元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (200_030_001, "贰佰万零叁佰元零壹分"),
        (10**15, "壹拾万亿元整"),
        (-250, "负贰元伍角整"),
    ],
)
def test_amounts_are_written_as_on_a_cheque(fen, words):
    assert in_capitals(fen) == words


def number_of(words: str) -> int:
    """Read a whole number in capitals, by the rules of a reader who never saw the writer."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _unit, low = words.rpartition(unit)
            return number_of(high) * size + number_of(low)
    total = digit = 0
    for sign in words:
        if sign in SIZES:
            total, digit = total + digit * SIZES[sign], 0
        else:
            digit = DIGITS.index(sign)
    return total + digit


@given(st.integers(0, 10**15))
def test_what_is_written_reads_as_the_same_amount(fen):
    words = in_capitals(fen).removesuffix("整")
    whole, has_whole, rest = words.rpartition("元")
    read = number_of(whole) * 100 if has_whole else 0
    for sign, unit in zip(rest.replace("零", "")[::2], rest.replace("零", "")[1::2], strict=True):
        read += DIGITS.index(sign) * {"角": 10, "分": 1}[unit]
    assert read == fen
