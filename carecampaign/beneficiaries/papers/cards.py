"""Sheets of cards to cut apart: a code to scan, the same to type, the union; nobody's name."""

from collections.abc import Sequence
from pathlib import Path

from carecampaign.beneficiaries.codes import as_printed
from carecampaign.core.pdf import render
from carecampaign.core.qr import draw_qr

_TEMPLATE = Path(__file__).with_name("cards.typ")


def render_cards(
    codes: Sequence[str], addresses: Sequence[str], *, union: str, title: str
) -> bytes:
    """Print cards, ten on a sheet of A4, each of the size of a bank card.

    ``addresses`` are what the QR codes say, one for each of the ``codes``.
    """
    cards = [
        {"drawing": draw_qr(address), "code": as_printed(code)}
        for code, address in zip(codes, addresses, strict=True)
    ]
    return render(_TEMPLATE, {"title": title, "union": union, "cards": cards})
