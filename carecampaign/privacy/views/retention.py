"""How long what is kept: the rules, what is due, and the runs that deleted it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.privacy.forms.retention import rules_form
from carecampaign.privacy.queries import due, runs
from carecampaign.privacy.retention import FIXED, OF_PEOPLE, TERMS, RecordClass
from carecampaign.privacy.services import retention
from carecampaign.privacy.views.blueprint import blueprint


@blueprint.get("/privacy/retention")
@requires(Permission.PRIVACY_MANAGE)
def rules() -> ResponseReturnValue:
    """Show how long what is kept; to who looks after it, what is due and the latest runs."""
    in_force, may_change = due.list_rules(), runs.reaches_all(signed_in())
    return render_template(
        "privacy/rules.html",
        rules=in_force,
        terms=TERMS,
        fixed=FIXED,
        of_people=OF_PEOPLE,
        classes=RecordClass,
        may_change=may_change,
        counts=due.count_due(in_force) if may_change else {},
        most=due.MOST_COUNTED,
        runs=runs.list_latest_runs() if may_change else [],
    )


@blueprint.route("/privacy/retention/edit", methods=["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def edit_rules() -> ResponseReturnValue:
    """Set how long what is kept."""
    runs.check_reach(signed_in())
    form = rules_form(due.list_rules())
    if form.validate_on_submit():
        with transaction():
            for record_class, months in form.rules.items():
                retention.set_rule(record_class, months, by=signed_in())
        flash(_("Saved. Look at what is due now before it is deleted."), "success")
        return redirect(url_for(".rules"))
    return render_template("privacy/edit_rules.html", form=form), 422 if form.errors else 200


@blueprint.get("/privacy/retention/<any(numbers, persons):record_class>")
@requires(Permission.PRIVACY_MANAGE)
def due_persons(record_class: str) -> ResponseReturnValue:
    """List whose data the next run deletes, names masked."""
    runs.check_reach(signed_in())
    kind = RecordClass(record_class)
    return show_list(
        "privacy/due_persons.html",
        due.DUE_PERSONS,
        due.select_due_persons(kind, due.list_rules()),
        complete=due.as_due_persons,
        kind=kind,
        terms=TERMS[kind],
    )


@blueprint.post("/privacy/retention/run")
@requires(Permission.PRIVACY_MANAGE)
def retain() -> ResponseReturnValue:
    """Ask for what is due to be deleted now rather than at night."""
    runs.check_reach(signed_in())
    with transaction():
        job_id = retention.retain_later(by=signed_in()).id
    return redirect(url_for("jobs.show", job_id=job_id))
