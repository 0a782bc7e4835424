"""What a warehouse should send to its stations and units, beside what they have yet to hand out.

The proposal is the stock's; it is shown here because the quotas still open are read from the
tally, which lies above the stock.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.queries import get_campaign_for
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import Conflict, DomainError, NotFound
from carecampaign.core.forms import bounded_id
from carecampaign.core.i18n import _n
from carecampaign.distributions.queries.quotas import open_quotas
from carecampaign.inventory import services as inventory
from carecampaign.inventory.forms.supply import (
    ReplenishForm,
    ReplenishStepForm,
    posted_shipments,
)
from carecampaign.inventory.models import LocationKind, StockDocument
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import campaign_choices, items_by_id, place_choices
from carecampaign.inventory.queries.supply import propose
from carecampaign.inventory.services.thresholds import replenish

KEEP = Permission.INVENTORY_KEEP

blueprint = Blueprint("replenishment", __name__, url_prefix="/inventory/replenish")


@blueprint.route("", methods=["GET", "POST"])
@requires(KEEP)
def index() -> ResponseReturnValue:
    """Propose what a warehouse sends to whom; sent as it is, or as somebody changed it."""
    actor, source_id = signed_in(), request.args.get("source", type=bounded_id)
    sources = place_choices(actor, [LocationKind.WAREHOUSE], permission=KEEP, also=source_id)
    step = ReplenishStepForm(request.args, sources=sources, campaigns=campaign_choices(actor))
    if source_id is None:
        return render_template("replenishment/index.html", form=None, step=step, source=None)
    source = get_location_for(actor, source_id, permission=KEEP)
    form = ReplenishForm(proposals=propose(actor, source, also=posted_shipments()))
    if form.validate_on_submit():
        try:
            return _send(form, source_id, by=actor)
        except AlreadyDone:
            return _to_transfers()
        except (Conflict, NotFound):
            raise
        except DomainError as error:
            form.reject(error)
    return render_template(
        "replenishment/index.html",
        form=form,
        step=step,
        source=get_location_for(actor, source_id, permission=KEEP),
        quotas=open_quotas({row.proposal.location_id for row in form.rows}),
    ), 422 if form.errors else 200


def _send(form: ReplenishForm, source_id: int, *, by: Actor) -> ResponseReturnValue:
    with transaction():
        claim(form.command_id.data, "inventory.replenish")
        count = len(_replenish(form, source_id, by=by))
    words = _n("%(num)s transfer is on its way.", "%(num)s transfers are on their way.", count)
    flash(words, "success")
    return _to_transfers()


def _to_transfers() -> ResponseReturnValue:
    return redirect(url_for("inventory.documents", state="in_transit"))


def _replenish(form: ReplenishForm, source_id: int, *, by: Actor) -> list[StockDocument]:
    shipments = form.shipments()
    items = items_by_id(item_id for lines in shipments.values() for item_id, _pieces in lines)
    campaign_id = request.args.get("campaign", type=bounded_id)
    return replenish(
        get_location_for(by, source_id, permission=KEEP),
        {
            get_location_for(by, place_id): [
                inventory.Line(items[item_id], pieces) for item_id, pieces in lines
            ]
            for place_id, lines in shipments.items()
        },
        campaign=None if campaign_id is None else get_campaign_for(by, campaign_id),
        note=form.note.data,
        by=by,
    )
