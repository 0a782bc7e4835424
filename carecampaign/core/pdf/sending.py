"""Answer with a PDF."""

from io import BytesIO

from flask import Response, send_file

PDF = "application/pdf"


def send_pdf(content: bytes, name: str) -> Response:
    """Answer with a paper that the browser shows; kept, it is called ``name``.pdf."""
    answer = send_file(
        BytesIO(content), mimetype=PDF, download_name=f"{name.replace('/', '_')}.pdf"
    )
    # A paper shows what holds now; the next look may show something else.
    answer.headers["Cache-Control"] = "no-store"
    return answer
