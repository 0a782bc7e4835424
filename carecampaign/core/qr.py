"""QR codes as drawings."""

from io import BytesIO

import segno


def draw_qr(text: str, *, quiet_zone: int = 0) -> str:
    """Draw the QR code of a text as SVG without a size, inside so many white squares.

    Up to a sixth of it may be dirty or torn (error correction M). On paper the space around it
    is the quiet zone.
    """
    drawing = BytesIO()
    segno.make_qr(text, error="m").save(
        drawing, kind="svg", border=quiet_zone, omitsize=True, xmldecl=False
    )
    return drawing.getvalue().decode()
