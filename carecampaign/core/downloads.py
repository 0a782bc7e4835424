"""Send a sheet as a file."""

from io import BytesIO

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from carecampaign.core import clock
from carecampaign.core.sheets import CSV, XLSX, Sheet, to_csv, to_xlsx


def send_xlsx(name: str, *sheets: Sheet) -> ResponseReturnValue:
    """Answer with one workbook."""
    return _attachment(to_xlsx(*sheets), XLSX, f"{name}.xlsx")


def send_locked_xlsx(name: str, content: bytes) -> ResponseReturnValue:
    """Answer with a workbook that was locked with a password; no cache keeps it."""
    answer = _attachment(content, XLSX, f"{name}.xlsx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def send_csv(name: str, sheet: Sheet) -> ResponseReturnValue:
    """Answer with one table as .csv."""
    return _attachment(to_csv(sheet), CSV, f"{name}.csv")


def _attachment(content: bytes, mimetype: str, filename: str) -> Response:
    dated = f"{clock.today():%Y%m%d}-{filename.replace('/', '_')}"
    # It also writes a Chinese name so that it may stand in a header.
    return send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=dated)
