"""Text as people type and paste it."""

import pytest

from carecampaign.core.text import one_line, paragraphs


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张  三\t", "张 三"),
        ("a\x00b\u2028c", "a b c"),
        ("e\u0301", "é"),
        ("\N{MAN}\u200d\N{WOMAN}", "\N{MAN}\u200d\N{WOMAN}"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_a_line_is_trimmed_composed_and_fit_for_print(typed, kept):
    assert one_line(typed) == kept


def test_paragraphs_keep_their_line_ends_and_nothing_behind_a_line():
    assert paragraphs("\r\n一 \r\n\x07二\r三\n\n") == "一\n 二\n三"
