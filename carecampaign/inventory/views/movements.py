"""The movements of the ledger, on screen and as a file."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core import clock, sheets
from carecampaign.core.i18n import _, choices
from carecampaign.core.listing import paginate
from carecampaign.core.urls import page_number, url_with
from carecampaign.inventory.forms import MovementFilterForm
from carecampaign.inventory.models import DocumentKind, Movement, StockDocument
from carecampaign.inventory.queries.pages import (
    HANDOUT,
    MOST_EXPORTED,
    MovementFilters,
    Places,
    batches_of,
    count_movements,
    documents_of,
    fund_names_of,
    movements_matching,
    place_choices,
    places_for,
)
from carecampaign.inventory.views.blueprint import blueprint, chosen
from carecampaign.inventory.words import document_number, place_name

FORMATS = ("xlsx", "csv")
FEN = 100
"""Of a yuan: sheets hold money in yuan."""


@blueprint.get("/movements")
@requires(Permission.INVENTORY_VIEW)
def movements() -> ResponseReturnValue:
    """List the movements between places, with filters."""
    actor = signed_in()
    form = _filter_form(actor)
    matching = movements_matching(actor, MovementFilters(**form.valid_values()))
    page = paginate(matching, page=page_number())
    return render_template(
        "inventory/movements.html",
        form=form,
        page=page,
        headings=_headings(),
        papers=documents_of(page.items),
        funds=fund_names_of(page.items),
        places=_places(actor, page.items),
        may_export=actor.can(Permission.REPORTS_EXPORT),
    )


@blueprint.get("/movements/export")
@requires(Permission.REPORTS_EXPORT)
def export_movements() -> ResponseReturnValue:
    """Give the movements that the filters leave, all pages of them, as a file."""
    actor, wanted = signed_in(), request.args.get("format")
    if wanted not in FORMATS or not actor.can(Permission.INVENTORY_VIEW):
        abort(404)
    filters = MovementFilters(**_filter_form(actor).valid_values())
    matching = movements_matching(actor, filters)
    if count_movements(matching) > MOST_EXPORTED:
        flash(
            _(
                "More than %(most)s movements are too many for one file: narrow the period.",
                most=f"{MOST_EXPORTED:,}",
            ),
            "warning",
        )
        return redirect(url_with("inventory.movements", format=None, page=None))
    sheet = sheets.Sheet(_("Movements"), _headings(), _rows(actor, matching))
    return _as_file(sheet, wanted)


def _filter_form(actor: Actor) -> MovementFilterForm:
    item_id = chosen("item")
    items = list_active_items(also=[] if item_id is None else [item_id])
    return MovementFilterForm(
        request.args,
        items=[(item.id, item.name) for item in items],
        locations=place_choices(actor, also=chosen("location")),
        kinds=[*choices(DocumentKind), (HANDOUT, _("Handout"))],
    )


def _headings() -> list[str]:
    return [
        _("Recorded"),
        _("Document"),
        _("Item"),
        _("Batch"),
        _("Source"),
        _("Destination"),
        _("Quantity"),
        _("Value (yuan)"),
        _("Fund source"),
    ]


def _rows(actor: Actor, matching: Select[Movement]) -> Iterator[list[sheets.Cell]]:
    for at_once in batches_of(matching):
        papers = documents_of(at_once)
        funds = fund_names_of(at_once)
        places = _places(actor, at_once)
        for row in at_once:
            yield _cells(row, papers, funds, places)


def _cells(
    row: Movement,
    papers: Mapping[int, StockDocument],
    funds: Mapping[int, str],
    places: Places,
) -> list[sheets.Cell]:
    paper = papers.get(row.document_line_id or 0)
    return [
        row.recorded_at,
        _("Handout") if paper is None else document_number(paper),
        row.item.name,
        "" if row.lot is None else row.lot.code,
        place_name(row.source, places.destinations),
        place_name(row.target, places.destinations),
        row.quantity,
        row.value / FEN,
        funds.get(row.fund_source_id or 0, ""),
    ]


def _places(actor: Actor, rows: Sequence[Movement]) -> Places:
    return places_for(actor, [end for row in rows for end in (row.source, row.target)])


def _as_file(sheet: sheets.Sheet, wanted: str) -> Response:
    body, kind = (
        (sheets.to_xlsx(sheet), sheets.XLSX)
        if wanted == "xlsx"
        else (sheets.to_csv(sheet), sheets.CSV)
    )
    name = f"movements-{clock.today().isoformat()}.{wanted}"
    return Response(
        body,
        content_type=kind,
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )
