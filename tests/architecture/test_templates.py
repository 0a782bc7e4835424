"""Rules for every template: it compiles, it belongs to a view, it holds no code."""

import re
from pathlib import Path

import pytest

from carecampaign.core.settings import ROOT

TEMPLATES = ROOT / "templates"
SHARED = {"components", "errors"}
ALL = sorted(TEMPLATES.rglob("*.html"))
INLINE = re.compile(
    r"<script(?![^>]*\s(?:src=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=|javascript:",
    re.IGNORECASE,
)

RENDERED_BY_ANOTHER = {"distributions/choose_campaign.html", "distributions/refused.html"}
"""What an endpoint shows before what it is about has been chosen, or instead of doing it."""


def test_every_template_compiles(app):
    for path in ALL:
        app.jinja_env.get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_holds_script_or_style(path: Path):
    assert INLINE.findall(path.read_text()) == []


def test_every_page_is_named_after_its_endpoint(app):
    pages = {
        str(path.relative_to(TEMPLATES))
        for path in ALL
        if path.parent != TEMPLATES and path.parent.name not in SHARED and path.name[0] != "_"
    }
    endpoints = {f"{name.replace('.', '/')}.html" for name in app.view_functions}

    assert pages - endpoints - RENDERED_BY_ANOTHER == set()


def test_every_icon_a_template_draws_is_in_the_list():
    listed = set((ROOT / "carecampaign" / "static" / "icons.txt").read_text().split())
    calls = re.compile(r"""(?:draw_icon|[^_\w]icon)\(\s*["']([a-z0-9-]+)["']""")
    drawn = {name for path in ALL for name in calls.findall(path.read_text())}

    assert drawn - listed == set()
