"""Codes of cards: as scanned, as typed, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from carecampaign.beneficiaries.codes import (
    CODE_LENGTH,
    SHORT_LENGTH,
    SIGNS,
    as_printed,
    draw_code,
    read_code,
    short_form,
)

codes = st.text(SIGNS, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def test_no_two_cards_are_drawn_alike():
    drawn = {draw_code() for _number in range(1000)}

    assert len(drawn) == 1000
    assert {len(code) for code in drawn} == {CODE_LENGTH}


@given(codes)
def test_a_code_is_read_however_it_is_written(code):
    assert read_code(code) == read_code(f"https://union.example/c/{code}") == code
    assert read_code(f"https://union.example/below/c/{code.lower()}") == code
    assert read_code(as_printed(code)) == short_form(code)
    assert read_code(f"  {as_printed(code).lower().replace('-', ' ')} ") == short_form(code)
    assert read_code(as_printed(code).replace("0", "O").replace("1", "l")) == short_form(code)


@given(codes, st.integers(0, SHORT_LENGTH - 1), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(code, place, sign):
    short = short_form(code)
    mistyped = short[:place] + sign + short[place + 1 :]

    assert (read_code(mistyped) is None) is (mistyped != short)


def test_full_width_signs_are_signs_too():
    code = "0" * CODE_LENGTH

    assert read_code("０" * SHORT_LENGTH) == short_form(code)


@given(st.text())
def test_anything_else_is_no_code(text):
    assert read_code(text) is None or len(read_code(text)) in {SHORT_LENGTH, CODE_LENGTH}
    assert read_code(f"张{text}") is None
