"""Fill a Typst template. It takes a moment: never inside a transaction that writes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from carecampaign.core import clock
from carecampaign.core.settings import ROOT

FONTS = ROOT / "carecampaign" / "fonts"
"""Filled by ``tools.vendor_assets``; no other font is used, so a paper looks alike everywhere."""

ARCHIVAL: Literal["a-2b"] = "a-2b"
"""PDF/A-2b: all that is needed to show the paper is inside the file."""


class FontsMissing(RuntimeError):
    """The set-up did not copy the fonts."""

    def __init__(self) -> None:
        super().__init__("The fonts for PDF are missing: run `make setup`.")


def render(template: Path, content: Mapping[str, Any]) -> bytes:
    """Give a template as PDF/A-2b; it finds ``content`` (plain values) in ``sys.inputs.content``.

    Where a text holds a sign that the font cannot draw, the archival standard is given up
    rather than the paper: the sign is an empty box then. Raises FontsMissing.
    """
    if not any(FONTS.glob("*.ttf")):
        raise FontsMissing
    text = json.dumps(content, ensure_ascii=False)
    try:
        return _compile(template, text, ARCHIVAL)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compile(template, text)


def _compile(template: Path, content: str, *standards: Literal["a-2b"]) -> bytes:
    pdf: bytes = typst.compile(
        template,
        root=template.parent,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"content": content},
        pdf_standards=list(standards),
        timestamp=clock.now().replace(microsecond=0),
    )
    return pdf
