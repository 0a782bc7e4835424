"""Send a sheet as a file."""

from flask import Response
from flask.typing import ResponseReturnValue
from werkzeug.http import dump_options_header

from carecampaign.core import clock
from carecampaign.core.sheets import CSV, XLSX, Sheet, to_csv, to_xlsx


def send_xlsx(name: str, *sheets: Sheet) -> ResponseReturnValue:
    """Answer with one workbook."""
    return _attachment(to_xlsx(*sheets), XLSX, f"{name}.xlsx")


def send_csv(name: str, sheet: Sheet) -> ResponseReturnValue:
    """Answer with one table as .csv."""
    return _attachment(to_csv(sheet), CSV, f"{name}.csv")


def _attachment(content: bytes, mimetype: str, filename: str) -> Response:
    dated = f"{clock.today():%Y%m%d}-{filename.replace('/', '_')}"
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": dated}
    )
    return response
