"""The blueprint of the stations, and what their pages share."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from carecampaign.core.babel import is_chinese
from carecampaign.stations.forms import stars_words
from carecampaign.stations.opening import Spans, write_spans

blueprint = Blueprint("stations", __name__, url_prefix="/stations")

# Globals rather than context: macros that are imported see nothing else.
blueprint.add_app_template_global(stars_words)


@blueprint.app_template_global()
def hours_of_day(spans: Spans) -> str:
    """Write the opening times of one day in the language of the page."""
    return write_spans(spans, "zh" if is_chinese() else "en")


def to_station(station_id: int | None) -> ResponseReturnValue:
    """Go on to a station's page."""
    return redirect(url_for("stations.show", station_id=station_id))
