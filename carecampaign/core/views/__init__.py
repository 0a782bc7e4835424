"""Pages of no area: the language switch and the sign of life."""

import re

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from carecampaign.core.babel import SESSION_KEY
from carecampaign.core.i18n import LANGUAGES

blueprint = Blueprint("core", __name__)

# Browsers take "\" for "/" and leave out tabs and line ends, so "/<tab>/host" leads away.
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


@blueprint.post("/language")
def set_language() -> ResponseReturnValue:
    """Choose the language of this session and go back to the page."""
    if request.form.get("language") in LANGUAGES:
        session[SESSION_KEY] = request.form["language"]
    return redirect(local_path(request.form.get("next")))


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return {"status": "ok"}


def local_path(target: str | None) -> str:
    """Give ``target`` when it is a path of this site, else the start page."""
    if target is None or not _LOCAL.fullmatch(target):
        return url_for("reports.start")
    return target
