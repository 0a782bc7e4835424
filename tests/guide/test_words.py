"""The guide calls things by the names that stand on the screen."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from carecampaign.core.settings import ROOT

QUOTED = re.compile("“([^”]+)”")
TYPED = {"×", "24小时", "每天 9:00-21:00", "2027-02-05至2027-02-12 休息"}
"""What somebody types, or sees as a sign."""
GROUPS = {"Courier", "户外劳动者", "一线银行职工", "两节"}
"""Names out of the demo."""


@pytest.fixture(scope="module")
def on_screen():
    path = ROOT / "carecampaign/translations/zh/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    english, chinese = set(), set()
    for message in catalogue:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        english.add(singular)
        chinese.update([message.string] if isinstance(message.string, str) else message.string)
    return {"en": english, "zh": chinese}


def pages():
    return sorted((ROOT / "docs/guide").glob("*/*.md"))


@pytest.mark.parametrize("path", pages(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_the_guide_quotes_stands_on_the_screen(path: Path, on_screen):
    shown = on_screen[path.parent.name]
    quoted = set(QUOTED.findall(path.read_text(encoding="utf-8"))) - TYPED - GROUPS

    assert {word for word in quoted if not any(word in text for text in shown)} == set()
