"""Pages of the entries that may be of one person: judged one pair after the other."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.models import PairGround, PersonPair
from carecampaign.beneficiaries.queries import get_person_for
from carecampaign.beneficiaries.queries import pairs as queries
from carecampaign.beneficiaries.queries.pairs import PairFilters
from carecampaign.beneficiaries.services import pairs as services
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.core.undo import flash_with_undo
from carecampaign.organizations.queries import choices_for
from carecampaign.privacy.forms.merging import NamePairForm, PairFilterForm, merge_form
from carecampaign.privacy.queries.merging import lock_both_for, services_of
from carecampaign.privacy.services import merge
from carecampaign.privacy.views.blueprint import blueprint

MANAGE = Permission.BENEFICIARIES_MANAGE


@blueprint.get("/persons/duplicates")
@requires(MANAGE)
def pairs() -> ResponseReturnValue:
    """List the pairs of entries that may be of one person, with filters."""
    form = _filter_form()
    filters = _filters(form)
    return show_list(
        "privacy/pairs.html",
        queries.PAIRS,
        queries.pairs_for(signed_in(), filters),
        form=form,
        first_id=queries.find_next_pair_for(signed_in(), filters, None),
        filters=_arguments(),
    )


@blueprint.post("/persons/duplicates/search")
@requires(MANAGE)
def search_pairs() -> ResponseReturnValue:
    """Compare everybody in the register with everybody else, as a job."""
    with transaction():
        job_id = services.compare_later(by=signed_in()).id
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.route("/persons/duplicates/<id:pair_id>", methods=["GET", "POST"])
@requires(MANAGE)
def pair(pair_id: int) -> ResponseReturnValue:
    """Show two entries side by side, and merge them where they are of one person."""
    pair = queries.get_pair_for(signed_in(), pair_id)
    following = _following(pair)
    form = merge_form(pair)
    if form.validate_on_submit():
        kept_id, gone_id = form.kept_id.data, form.gone_id
        try:
            with transaction():
                both = lock_both_for(signed_in(), gone_id, kept_id)
                merge(both[gone_id], both[kept_id], taking=form.taking, by=signed_in())
        except DomainError as error:
            flash(str(error), "danger")
        else:
            message = _(
                "Merged: № %(gone)s is now № %(kept)s.", gone=gone_id, kept=form.kept_id.data
            )
            flash(message, "success")
        return _go_on(following)
    page = render_template(
        "privacy/pair.html",
        pair=pair,
        form=form,
        served=services_of([pair.first_id, pair.second_id]),
        following=following,
        left=queries.count_pairs_for(signed_in(), _filters(_filter_form())),
        filters=_arguments(),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/persons/duplicates/<id:pair_id>/different")
@requires(MANAGE)
def judge_different(pair_id: int) -> ResponseReturnValue:
    """Say that two entries are of two persons."""
    following = _following(queries.get_pair_for(signed_in(), pair_id))
    with transaction():
        pair = queries.get_pair_for(signed_in(), pair_id, lock=True)
        services.judge_different(pair, by=signed_in())
    flash_with_undo(
        _("They are different persons, and are not paired again."),
        ".reopen_pair",
        pair_id=pair_id,
        **_arguments(),
    )
    return _go_on(following)


@blueprint.post("/persons/duplicates/<id:pair_id>/reopen")
@requires(MANAGE)
def reopen_pair(pair_id: int) -> ResponseReturnValue:
    """Take back that two entries are of two persons."""
    with transaction():
        pair = queries.get_pair_for(signed_in(), pair_id, lock=True)
        services.reopen(pair, by=signed_in())
    return redirect(url_for(".pair", pair_id=pair_id, **_arguments()))


@blueprint.route("/persons/<id:person_id>/duplicate", methods=["GET", "POST"])
@requires(MANAGE)
def name_pair(person_id: int) -> ResponseReturnValue:
    """Name the other entry of a person, for the two to be looked at side by side."""
    person = get_person_for(signed_in(), person_id, MANAGE)
    form = NamePairForm()
    if form.validate_on_submit():
        try:
            with transaction():
                pair = services.name_pair(
                    *(
                        get_person_for(signed_in(), key, MANAGE)
                        for key in (person_id, form.other_id.data)
                    ),
                    by=signed_in(),
                )
        except DomainError as error:
            error.field = "other_id"
            form.reject(error)
        else:
            return redirect(url_for(".pair", pair_id=pair.id))
    page = render_template("privacy/name_pair.html", form=form, person=person)
    return page, 422 if form.errors else 200


def _filter_form() -> PairFilterForm:
    return PairFilterForm(formdata=request.args, organizations=choices_for(signed_in(), MANAGE))


def _filters(form: PairFilterForm) -> PairFilters:
    wanted = form.valid_values()
    return PairFilters(
        organization_id=wanted.get("organization_id"),
        ground=PairGround(wanted["ground"]) if "ground" in wanted else None,
        is_judged=wanted.get("state") == "judged",
    )


def _arguments() -> dict[str, Any]:
    """Give what the queue is narrowed to, for the links along it."""
    return {
        key: value for key, value in request.args.items() if key in {"organization_id", "ground"}
    }


def _following(pair: PersonPair) -> int | None:
    filters = _filters(_filter_form())
    return queries.find_next_pair_for(signed_in(), filters, pair)


def _go_on(following: int | None) -> ResponseReturnValue:
    if following is None:
        return redirect(url_for(".pairs", **_arguments()))
    return redirect(url_for(".pair", pair_id=following, **_arguments()))
