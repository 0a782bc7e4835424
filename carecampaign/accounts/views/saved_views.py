"""One's own views of lists: name one, remove one, and hand them to the lists."""

from flask import abort, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from carecampaign.access.gate import signed_in, signed_in_only
from carecampaign.accounts import queries, services
from carecampaign.accounts.forms import SaveViewForm
from carecampaign.accounts.models import SavedView
from carecampaign.accounts.views.blueprint import blueprint
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import EVERYTHING, SAVED_VIEWS, lasting_query
from carecampaign.core.views import local_path

LONGEST_QUERY = 2000


@blueprint.record
def offer_to_lists(state: BlueprintSetupState) -> None:
    """Let every list show the reader's own views of it."""
    state.app.extensions[SAVED_VIEWS] = _views_of


def _views_of(page: str) -> list[SavedView]:
    return queries.list_saved_views(signed_in(), page)


@blueprint.route("/views/new", methods=["GET", "POST"])
@signed_in_only
def save_view() -> ResponseReturnValue:
    """Name what a list (``?path=``) shows (``?query=``), and see the names given before."""
    path, query = request.args.get("path", ""), lasting_query(request.args.get("query", ""))
    page = _page_at(path)
    if len(query) > LONGEST_QUERY:
        abort(400)
    form = SaveViewForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.save_view(
                    page,
                    query,
                    name=form.name.data,
                    is_default=form.is_default.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("View saved. It stands above the list."), "success")
            return redirect(_list_url(path, query))
    rendered = render_template(
        "accounts/save_view.html",
        form=form,
        path=path,
        query=query,
        list_url=_list_url(path, query),
        views=queries.list_saved_views(signed_in(), page),
    )
    return rendered, 422 if form.errors else 200


@blueprint.post("/views/<id:view_id>/remove")
@signed_in_only
def remove_view(view_id: int) -> ResponseReturnValue:
    """Forget a view of one's own, and go back to where it was removed."""
    with transaction():
        services.remove_view(queries.get_saved_view(signed_in(), view_id))
    flash(_("View removed."), "success")
    return redirect(local_path(request.form.get("next")))


def _list_url(path: str, query: str) -> str:
    return f"{path}?{query or f'view={EVERYTHING}'}"


def _page_at(path: str) -> str:
    """Give the endpoint of the page at a path of this site; 404 where there is none."""
    try:
        page: str = current_app.url_map.bind("").match(path, method="GET")[0]
    except HTTPException:
        abort(404)
    return page
