"""The user guide, in the language of the reader; every page of the system leads to its part."""

from flask import Blueprint, Flask, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public
from carecampaign.core.babel import language
from carecampaign.guide.pages import GUIDE, IMAGES, read_page
from carecampaign.guide.topics import NAMES, TOPICS, topic_for

blueprint = Blueprint("guide", __name__, url_prefix="/guide")


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """List the parts of the guide."""
    return render_template("guide/index.html", pages=_pages())


@blueprint.get(f"/<any({','.join(NAMES)}):topic>")
@public
def show(topic: str) -> ResponseReturnValue:
    """Show one part of the guide."""
    page = read_page(topic, language())
    return render_template("guide/show.html", page=page, topic=topic, pages=_pages())


@blueprint.get(f"/{IMAGES}/<path:name>")
@public
def image(name: str) -> ResponseReturnValue:
    """Give a picture of the guide."""
    return send_from_directory(GUIDE / language() / IMAGES, name)


def init_app(app: Flask) -> None:
    """Let every page know its part of the guide."""
    app.context_processor(lambda: {"guide_topic": topic_for(request.endpoint or "")})


def _pages() -> list[tuple[str, str]]:
    return [(topic.name, read_page(topic.name, language()).title) for topic in TOPICS]
