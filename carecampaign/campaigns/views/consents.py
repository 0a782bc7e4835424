"""What a campaign tells people, and what a person agreed to."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.beneficiaries.queries import get_person_for, may
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import ConsentForm, NoticeForm
from carecampaign.campaigns.models import (
    CampaignState,
    ConsentKind,
    ConsentMeans,
    LegalBasis,
)
from carecampaign.campaigns.notices import propose_body
from carecampaign.campaigns.views.shared import blueprint, status_of
from carecampaign.core import clock
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _

MANAGE = Permission.BENEFICIARIES_MANAGE


@blueprint.get("/<id:campaign_id>/notice")
@requires(Permission.CAMPAIGNS_VIEW)
def notice(campaign_id: int) -> ResponseReturnValue:
    """Show what the campaign tells people now (or ``?version=``), to read and to print."""
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    versions = queries.list_notices(campaign)
    wanted = request.args.get("version", type=int)
    shown = queries.get_notice(campaign, wanted) if versions or wanted else None
    is_planned_by = covers(signed_in().paths(Permission.CAMPAIGNS_PLAN), campaign.organizer.path)
    return render_template(
        "campaigns/notice.html",
        campaign=campaign,
        notice=shown,
        versions=versions,
        counts=queries.count_consents(campaign),
        kinds=ConsentKind,
        may_write=is_planned_by and campaign.state is not CampaignState.CLOSED,
        needs_consent=queries.needs_consent(campaign),
    )


@blueprint.route("/<id:campaign_id>/notice/edit", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def edit_notice(campaign_id: int) -> ResponseReturnValue:
    """Write the first version of a notice, or the next one."""
    campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
    last = queries.find_notice(campaign.id)
    form = NoticeForm(
        number=last.number if last else 0,
        legal_basis=(campaign.legal_basis or LegalBasis.CONSENT).value,
        asks=[kind.value for kind in last.asked] if last else [],
        body=last.body if last else propose_body(campaign),
    )
    if form.validate_on_submit():
        try:
            with transaction():
                services.publish_notice(
                    queries.get_campaign_to_plan(signed_in(), campaign_id),
                    body=form.body.data,
                    asks=[ConsentKind(kind) for kind in form.asks.data],
                    legal_basis=LegalBasis(form.legal_basis.data),
                    after=form.number.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
            if isinstance(error, services.WrittenMeanwhile):
                form.number.data = queries.get_notice(campaign).number
        else:
            flash(_("Notice saved."), "success")
            return redirect(url_for(".notice", campaign_id=campaign_id))
    page = render_template("campaigns/edit_notice.html", campaign=campaign, form=form, last=last)
    return page, status_of(form)


@blueprint.get("/persons/<id:person_id>/consents")
@requires(Permission.BENEFICIARIES_VIEW)
def consents(person_id: int) -> ResponseReturnValue:
    """Show what a person agreed to in which campaign, and what they took back."""
    actor = signed_in()
    person = get_person_for(actor, person_id)
    may_record = may(actor, MANAGE, person)
    return render_template(
        "campaigns/consents.html",
        person=person,
        consents=queries.consents_of(person),
        may_record=may_record,
        campaigns=queries.list_campaigns_with_notice_for(actor) if may_record else [],
    )


@blueprint.route(
    "/<id:campaign_id>/persons/<id:person_id>/consents/record", methods=["GET", "POST"]
)
@requires(Permission.BENEFICIARIES_MANAGE)
def record_consent(campaign_id: int, person_id: int) -> ResponseReturnValue:
    """Record that a person was told by a campaign's notice, and what they agreed to."""
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    person = get_person_for(signed_in(), person_id, MANAGE)
    notice = queries.get_notice(campaign)
    form = ConsentForm(
        asked=[SelectChoice(kind.value, kind.label) for kind in notice.asked],
        today=clock.today(),
    )
    if form.validate_on_submit():
        try:
            with transaction():
                person = get_person_for(signed_in(), person_id, MANAGE, lock=True)
                services.record_consents(
                    queries.get_campaign_for(signed_in(), campaign_id),
                    [person.id],
                    [ConsentKind(kind) for kind in form.ticked],
                    means=ConsentMeans(form.means.data),
                    given_on=form.given_on.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Consent recorded."), "success")
            return redirect(url_for(".consents", person_id=person_id))
    page = render_template(
        "campaigns/record_consent.html",
        campaign=campaign,
        person=person,
        notice=notice,
        form=form,
        needs_consent=queries.needs_consent(campaign),
    )
    return page, status_of(form)


@blueprint.post("/persons/<id:person_id>/consents/<id:consent_id>/withdraw")
@requires(Permission.BENEFICIARIES_MANAGE)
def withdraw_consent(person_id: int, consent_id: int) -> ResponseReturnValue:
    """Record that a person took a consent back."""
    with transaction():
        person = get_person_for(signed_in(), person_id, MANAGE)
        services.withdraw_consent(queries.get_consent(person, consent_id), by=signed_in())
    flash(_("Withdrawal recorded: it holds from now on."), "success")
    return redirect(url_for(".consents", person_id=person_id))
