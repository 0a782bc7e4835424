"""Headers of every answer: a strict content security policy and its companions."""

import re

from flask import Flask, Response

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src {images}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
IMAGES = "'self' data:"
_TILES = re.compile(r"(https?://)(\{s\}\.)?([A-Za-z0-9.-]+(?::[0-9]+)?)/[^\s]*")


def init_app(app: Flask) -> None:
    """Add the headers; pages of people signed in are not kept by any cache."""
    policy = POLICY.format(images=_images(app.config.get("MAP_TILES_URL")))

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=()")
        if response.mimetype in {"text/html", "application/json"}:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _images(tiles_url: str | None) -> str:
    """Give the sources of images: this site, and the host of the map's tiles where one is set."""
    return f"{IMAGES} {tile_host(tiles_url)}" if tiles_url else IMAGES


def tile_host(tiles_url: str) -> str:
    """Give the source that a URL of tiles names; ``{s}.`` before the host is any subdomain.

    Raises ValueError when it is no address of tiles.
    """
    match = _TILES.fullmatch(tiles_url)
    if match is None:
        raise ValueError(tiles_url)
    scheme, subdomains, host = match.groups()
    return f"{scheme}{'*.' if subdomains else ''}{host}"
