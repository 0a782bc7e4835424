"""The guide as it is written: Markdown under ``docs/guide``, a folder for each language."""

from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt

from carecampaign.core.settings import ROOT

GUIDE = ROOT / "docs" / "guide"
IMAGES = "images"


@dataclass(frozen=True)
class GuidePage:
    """One page of the guide: its heading as text, the rest as HTML."""

    title: str
    html: str


@cache
def read_page(name: str, language: str) -> GuidePage:
    """Read a page of the guide. Its text is our own; HTML in it would be shown as text."""
    text = (GUIDE / language / f"{name}.md").read_text("utf-8")
    heading, _line, rest = text.partition("\n")
    return GuidePage(heading.removeprefix("# ").strip(), _markdown().render(rest))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
