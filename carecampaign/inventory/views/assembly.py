"""Care packages put together and taken apart."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.models import PackageVersion
from carecampaign.catalogue.queries import get_item, get_version, list_versions
from carecampaign.core.forms import bounded_id
from carecampaign.core.i18n import _
from carecampaign.inventory.forms import (
    AssemblyForm,
    PackagesForm,
    PackageStepForm,
    TakeApartForm,
)
from carecampaign.inventory.models import StockDocument, StockLocation
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.labels import get_lot_for
from carecampaign.inventory.queries.pages import (
    STANDING,
    assembly_plan,
    campaign_choices,
    package_lots,
    place_choices,
)
from carecampaign.inventory.services import Substitution
from carecampaign.inventory.services import assemble as put_together
from carecampaign.inventory.services import take_apart as take_to_pieces
from carecampaign.inventory.views.blueprint import (
    blueprint,
    campaign_of,
    chosen,
    post_document,
    show_form,
)

Choice = tuple[int, int]
"""The ids of a place and of a version of a care package."""

Here = tuple[StockLocation, PackageVersion]


@blueprint.route("/assemble", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def assemble() -> ResponseReturnValue:
    """Put care packages together from what a place holds."""
    choice = _choice()
    if choice is None:
        return _show("inventory/assemble.html", None, None, plan=None)
    here = _fetch(choice, signed_in())
    plan = assembly_plan(*here, also=_posted("substitute"))
    form = AssemblyForm(
        campaigns=campaign_choices(signed_in()), lines=plan.lines, substitutes=plan.substitutes
    )
    return _post(form, "assemble", lambda: _assemble(choice, form, by=signed_in())) or _show(
        "inventory/assemble.html", form, here, plan=plan
    )


@blueprint.route("/take-apart", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def take_apart() -> ResponseReturnValue:
    """Take care packages apart into what is in them."""
    choice = _choice()
    if choice is None:
        return _show("inventory/take_apart.html", None, None, plan=None)
    here = _fetch(choice, signed_in())
    plan, lots = assembly_plan(*here), package_lots(*here, also=_posted("lot"))
    form = TakeApartForm(lots=[(lot.id, f"{lot.code} · {lot.contents}") for lot in lots])
    return _post(form, "take_apart", lambda: _take_apart(choice, form, by=signed_in())) or _show(
        "inventory/take_apart.html", form, here, plan=plan, lots=lots
    )


def _choice() -> Choice | None:
    location_id, version_id = chosen("location"), chosen("version")
    return None if location_id is None or version_id is None else (location_id, version_id)


def _posted(name: str) -> list[int]:
    """Give the id that was sent in, if any: it stays a choice when nothing of it is left."""
    posted = request.form.get(name, type=bounded_id)
    return [] if posted is None else [posted]


def _fetch(choice: Choice, by: Actor) -> Here:
    location_id, version_id = choice
    location = get_location_for(by, location_id, permission=Permission.INVENTORY_KEEP)
    return location, get_version(version_id)


def _post(
    form: PackagesForm, verb: str, make: Callable[[], StockDocument]
) -> ResponseReturnValue | None:
    return post_document(form, verb, make) if form.validate_on_submit() else None


def _assemble(choice: Choice, form: AssemblyForm, *, by: Actor) -> StockDocument:
    location, version = _fetch(choice, by)
    return put_together(
        location,
        version,
        quantity=form.quantity.data,
        campaign=campaign_of(form.campaign.data),
        substitution=_substitution(form, version),
        by=by,
    )


def _substitution(form: AssemblyForm, version: PackageVersion) -> Substitution | None:
    put_in = form.chosen_substitute()
    if put_in is None:
        return None
    line = next(line for line in version.lines if line.id == put_in.line_id)
    return Substitution(
        line, get_item(put_in.item_id), put_in.quantity, put_in.note, put_in.packages
    )


def _take_apart(choice: Choice, form: TakeApartForm, *, by: Actor) -> StockDocument:
    location, version = _fetch(choice, by)
    lot = None if form.lot.data is None else get_lot_for(by, form.lot.data)
    return take_to_pieces(location, version, quantity=form.quantity.data, lot=lot, by=by)


def _show(
    template: str, form: PackagesForm | None, here: Here | None, **values: object
) -> ResponseReturnValue:
    actor, choice = signed_in(), _choice()
    if choice is not None and request.method == "POST":  # a refused command forgot what was read
        here = _fetch(choice, actor)
    location, version = here or (None, None)
    locations = place_choices(
        actor, STANDING, permission=Permission.INVENTORY_KEEP, also=chosen("location")
    )
    versions = list_versions(also=[] if version is None else [version.id])
    step = PackageStepForm(
        request.args,
        locations=locations,
        versions=[(row.id, _version_name(row)) for row in versions],
    )
    return show_form(template, form, step=step, location=location, version=version, **values)


def _version_name(version: PackageVersion) -> str:
    return _("%(name)s, version %(number)s", name=version.package.name, number=version.number)
