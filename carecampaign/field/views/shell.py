"""The page itself: the same for everybody, so that a phone may keep it for a day without us."""

import hashlib
import json
from pathlib import Path
from typing import Any

from flask import current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public
from carecampaign.core import headers
from carecampaign.core.i18n import _
from carecampaign.field.views.blueprint import blueprint
from carecampaign.field.words import words

POLICY = headers.POLICY.format(images=headers.IMAGES).replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
)
"""As everywhere, and the reader of QR codes may run: it is a program, not a script."""

TOGETHER = (1, 2, 3, 5, 10)
"""People who arrive together, as one tap: other numbers are typed."""

NAMED_IN_THE_PAGE = ("field/field.css", "field/app.js", "img/favicon.svg", "img/icon-192.png")
LATER = (
    "vendor/signature_pad.js",
    "vendor/zxing/reader/index.js",
    "vendor/zxing/share.js",
    "vendor/zxing/reader/zxing_reader.wasm",
)
"""Fetched while the phone is idle: what only some campaigns ask for."""


@blueprint.get("/")
@public
def app() -> ResponseReturnValue:
    """Show the volunteer's page."""
    response = make_response(_page())
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.get("/sw.js")
@public
def service_worker() -> ResponseReturnValue:
    """Give the service worker, which is a new one whenever anything it keeps is."""
    files = [url_for(".app"), *_files()]
    version = hashlib.sha256("\n".join([_page(), *files, *_contents()]).encode()).hexdigest()[:16]
    later = [f"{current_app.static_url_path}/{name}" for name in LATER]
    script = render_template("field/sw.js", version=version, files=files, later=later)
    response = make_response(script)
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Say how the page is installed on a home screen."""
    says: dict[str, Any] = {
        "name": _("Log handouts"),
        "short_name": _("Log handouts"),
        "start_url": url_for(".app"),
        "scope": url_for(".app"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#c8102e",
        "icons": [
            {
                "src": url_for("static", filename=f"img/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in (192, 512)
        ],
    }
    response = make_response(json.dumps(says, ensure_ascii=False))
    response.mimetype = "application/manifest+json"
    return response


def _page() -> str:
    return render_template("field/app.html", words=words(), together=TOGETHER)


def _files() -> list[str]:
    """Give the addresses of what the page loads: with a version, and modules by their names."""
    modules = [f"field/{path.name}" for path in sorted(_folder("field").glob("*.js"))]
    plain = [*modules, "vendor/uuidv7.js"]
    return [
        *(url_for("static", filename=name) for name in NAMED_IN_THE_PAGE),
        *(f"{current_app.static_url_path}/{name}" for name in plain),
    ]


def _contents() -> list[str]:
    paths = [*sorted(_folder("field").iterdir()), _folder("vendor") / "uuidv7.js"]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def _folder(name: str) -> Path:
    return Path(current_app.static_folder or "") / name
