"""Answer with a PDF."""

from io import BytesIO

from flask import Response, send_file

PDF = "application/pdf"


def send_pdf(content: bytes, name: str, *, to_keep: bool = False) -> Response:
    """Answer with a paper that the browser shows; kept, it is called ``name``.pdf.

    One ``to_keep`` is saved rather than shown: there is no second look at it.
    """
    answer = send_file(
        BytesIO(content),
        mimetype=PDF,
        as_attachment=to_keep,
        download_name=f"{name.replace('/', '_')}.pdf",
    )
    # A paper shows what holds now; the next look may show something else.
    answer.headers["Cache-Control"] = "no-store"
    return answer
