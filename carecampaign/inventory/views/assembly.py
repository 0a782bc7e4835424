"""Care packages put together and taken apart."""

from flask import request
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.models import PackageVersion
from carecampaign.catalogue.queries import get_version, list_versions
from carecampaign.core.i18n import _
from carecampaign.inventory.forms import AssemblyForm, PackagesForm, PackageStepForm
from carecampaign.inventory.models import StockDocument, StockLocation
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import (
    STANDING,
    assembly_plan,
    campaign_choices,
    place_choices,
)
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


@blueprint.route("/assemble", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def assemble() -> ResponseReturnValue:
    """Put care packages together from what a place holds."""
    choice = _choice()
    form = AssemblyForm(campaigns=campaign_choices(signed_in()))
    if choice is not None and form.validate_on_submit():
        done = post_document(form, "assemble", lambda: _assemble(choice, form, by=signed_in()))
        if done is not None:
            return done
    return _show("inventory/assemble.html", form, choice)


@blueprint.route("/take-apart", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def take_apart() -> ResponseReturnValue:
    """Take care packages apart into what is in them."""
    choice = _choice()
    form = PackagesForm()
    if choice is not None and form.validate_on_submit():
        done = post_document(form, "take_apart", lambda: _take_apart(choice, form, by=signed_in()))
        if done is not None:
            return done
    return _show("inventory/take_apart.html", form, choice)


def _choice() -> Choice | None:
    location_id, version_id = chosen("location"), chosen("version")
    return None if location_id is None or version_id is None else (location_id, version_id)


def _fetch(choice: Choice, by: Actor) -> tuple[StockLocation, PackageVersion]:
    location_id, version_id = choice
    location = get_location_for(by, location_id, permission=Permission.INVENTORY_KEEP)
    return location, get_version(version_id)


def _assemble(choice: Choice, form: AssemblyForm, *, by: Actor) -> StockDocument:
    location, version = _fetch(choice, by)
    campaign = campaign_of(form.campaign.data)
    return put_together(location, version, quantity=form.quantity.data, campaign=campaign, by=by)


def _take_apart(choice: Choice, form: PackagesForm, *, by: Actor) -> StockDocument:
    location, version = _fetch(choice, by)
    return take_to_pieces(location, version, quantity=form.quantity.data, by=by)


def _show(template: str, form: PackagesForm, choice: Choice | None) -> ResponseReturnValue:
    actor = signed_in()
    chosen_ones = None if choice is None else _fetch(choice, actor)
    locations = place_choices(
        actor, STANDING, permission=Permission.INVENTORY_KEEP, also=chosen("location")
    )
    versions = list_versions(also=[] if choice is None else [choice[1]])
    step = PackageStepForm(
        request.args,
        locations=locations,
        versions=[(row.id, _version_name(row)) for row in versions],
    )
    return show_form(
        template,
        form,
        step=step,
        location=None if chosen_ones is None else chosen_ones[0],
        version=None if chosen_ones is None else chosen_ones[1],
        plan=None if chosen_ones is None else assembly_plan(*chosen_ones),
    )


def _version_name(version: PackageVersion) -> str:
    return _("%(name)s, version %(number)s", name=version.package.name, number=version.number)
