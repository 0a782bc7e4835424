"""Every member of every closed list has its words in Chinese."""

import pytest
from babel.messages.pofile import read_po

from carecampaign.core.i18n import Labelled, in_language_of
from carecampaign.core.settings import ROOT

CATALOGUE = ROOT / "carecampaign" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
TONES = {"secondary", "info", "success", "warning", "danger"}


@pytest.fixture(scope="module")
def chinese():
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def lists_of_words():
    return [kind for kind in Labelled.__subclasses__() if kind.__module__.startswith("care")]


def test_every_label_is_translated(app, chinese):
    with in_language_of("en"):
        labels = {
            f"{kind.__name__}.{m.name}": str(m.label) for kind in lists_of_words() for m in kind
        }

    missing = {
        name: label
        for name, label in labels.items()
        if chinese.get(label) is None or not chinese.get(label).string
    }
    assert missing == {}


def test_every_tone_is_one_the_badges_know():
    assert {member.tone for kind in lists_of_words() for member in kind} <= TONES
