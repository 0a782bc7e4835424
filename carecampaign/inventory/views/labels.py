"""QR labels of batches, cartons and places: to print, to scan, to type."""

from collections.abc import Iterator, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.i18n import _
from carecampaign.core.pdf import send_pdf
from carecampaign.inventory.forms.labels import CodeForm, PlaceForm
from carecampaign.inventory.labels import LabelCode, read_code
from carecampaign.inventory.models import Lot, StockLocation
from carecampaign.inventory.papers.labels import Label, render_labels
from carecampaign.inventory.queries import get_location_for, lots_at
from carecampaign.inventory.queries.contents import contents_of_lot
from carecampaign.inventory.queries.labels import NoSuchLabel, get_lot_for, whereabouts
from carecampaign.inventory.queries.pages import place_choices
from carecampaign.inventory.views.blueprint import chosen

blueprint = Blueprint("labels", __name__, url_prefix="/stock/labels")

MOST_LABELS = 240
"""On ten sheets: whoever needs more prints twice."""


@blueprint.get("")
@requires(Permission.INVENTORY_VIEW)
def index() -> ResponseReturnValue:
    """Go to what a label is stuck on, by its code; or choose which labels to print."""
    form = CodeForm(request.args)
    typed = form.valid_values().get("code", "")
    if typed and (code := read_code(typed)) is not None:
        return redirect(url_for(".show", code=code))
    if typed:
        form.code.errors = [_("A code looks like B12, B12-3 or P7.")]
    place_id = chosen("location")
    place = None if place_id is None else get_location_for(signed_in(), place_id)
    step = PlaceForm(request.args, locations=place_choices(signed_in(), also=place_id))
    return render_template(
        "labels/index.html",
        form=form,
        step=step,
        place=place,
        lots=[] if place is None else lots_at(place),
        most=MOST_LABELS,
    )


@blueprint.get("/sheet")
@requires(Permission.INVENTORY_VIEW)
def sheet() -> ResponseReturnValue:
    """Print the labels that were chosen, for the place and for each batch there."""
    place_id = chosen("location")
    if place_id is None:
        return redirect(url_for(".index"))
    place = get_location_for(signed_in(), place_id)
    lots = {row.lot_id: row.lot for row in lots_at(place)}
    labels = list(_labels(place, lots))[:MOST_LABELS]
    if not labels:
        return redirect(url_for(".index", location=place.id))
    return send_pdf(render_labels(labels), f"{_('Labels')} {place.name}")


@blueprint.get("/<path:code>")
@requires(Permission.INVENTORY_VIEW)
def show(code: str) -> ResponseReturnValue:
    """Show what a label is stuck on: a place, or a batch with where it is."""
    label = read_code(code)
    if label is None:
        raise NoSuchLabel
    if label.kind == "place":
        return redirect(url_for("inventory.location", location_id=label.row_id))
    lot = get_lot_for(signed_in(), label.row_id)
    return render_template(
        "labels/show.html",
        code=label,
        lot=lot,
        contents=contents_of_lot(lot),
        places=whereabouts(signed_in(), lot),
    )


def _labels(place: StockLocation, lots: Mapping[int, Lot]) -> Iterator[Label]:
    for _number in range(_count("place")):
        code = LabelCode("place", place.id)
        yield _label(code, place.name, str(place.kind.label))
    for lot_id, lot in lots.items():
        count = _count(f"batch-{lot_id}")
        for number in range(1, count + 1):
            code = LabelCode("batch", lot_id, number if count > 1 else None)
            yield _label(code, lot.item.name, *_lines(lot, number, count))


def _lines(lot: Lot, number: int, count: int) -> Iterator[str]:
    if lot.item.spec:
        yield lot.item.spec
    yield _("Batch %(code)s", code=lot.code)
    if lot.expires_on is not None:
        yield _("Expires %(day)s", day=lot.expires_on.isoformat())
    if count > 1:
        yield _("Carton %(number)s of %(count)s", number=number, count=count)


def _label(code: LabelCode, title: str, *lines: str) -> Label:
    address = url_for("labels.show", code=code, _external=True)
    return Label(address, str(code), title, lines)


def _count(name: str) -> int:
    text = request.args.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_LABELS))
    return min(int(text), MOST_LABELS) if is_number else 0
