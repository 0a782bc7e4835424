"""Money is typed in yuan and kept in fen; nothing is rounded on the way."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecampaign.core.money import LARGEST, NotAnAmount, format_yuan, parse_yuan

amounts = st.integers(min_value=0, max_value=LARGEST)


@given(amounts)
def test_what_is_written_is_read_as_the_same_amount(fen):
    assert parse_yuan(format_yuan(fen)) == fen


@given(amounts)
def test_full_width_signs_mean_the_same(fen):
    full_width = str.maketrans("0123456789,.", "０１２３４５６７８９，．")

    assert parse_yuan(f" ￥{format_yuan(fen).translate(full_width)} ") == fen


@given(st.integers(min_value=1, max_value=LARGEST))
def test_a_negative_amount_is_written_with_its_sign(fen):
    assert format_yuan(-fen) == f"-{format_yuan(fen)}"


@given(st.text())
def test_any_text_is_an_amount_or_refused_in_words(text):
    with suppress(NotAnAmount):
        assert 0 <= parse_yuan(text) <= LARGEST


@pytest.mark.parametrize(
    ("text", "fen"), [("12", 1200), ("12.5", 1250), ("1,234.50", 123450), ("¥0.01", 1)]
)
def test_amounts_as_people_type_them(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "-1", "1.234", "1e3", "NaN", "12元", "..", "10000000000000.01", "٣", "1\n2"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotAnAmount):
        parse_yuan(text)
