"""Labels to stick on cartons and shelves: a sheet of A4 with codes to scan or to type."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from carecampaign.core.babel import is_chinese
from carecampaign.core.i18n import _
from carecampaign.core.pdf import render
from carecampaign.core.qr import draw_qr

_TEMPLATE = Path(__file__).with_name("labels.typ")


@dataclass(frozen=True)
class Label:
    """One label: the address its code leads to, the code to type, and lines of words."""

    address: str
    code: str
    title: str
    lines: tuple[str, ...]


def render_labels(labels: Sequence[Label]) -> bytes:
    """Print labels, 24 on a sheet of A4 (three in a row of 70 mm by 37 mm)."""
    return render(
        _TEMPLATE,
        {
            "title": _("Labels"),
            "lang": "zh" if is_chinese() else "en",
            "labels": [asdict(label) | {"drawing": draw_qr(label.address)} for label in labels],
        },
    )
