"""One search over everything, from every page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import signed_in, signed_in_only
from carecampaign.reports.forms import SearchForm
from carecampaign.reports.queries.search import SHORTEST, find_everywhere
from carecampaign.reports.views.blueprint import blueprint


@blueprint.get("/search")
@signed_in_only
def search() -> ResponseReturnValue:
    """Show what of each list fits the text; each list only to whoever may open it."""
    form = SearchForm(request.args)
    text = form.valid_values().get("q", "")
    is_long_enough = len(text) >= SHORTEST
    return render_template(
        "reports/search.html",
        form=form,
        text=text,
        shortest=SHORTEST,
        is_long_enough=is_long_enough,
        groups=find_everywhere(signed_in(), text) if is_long_enough else [],
    )
