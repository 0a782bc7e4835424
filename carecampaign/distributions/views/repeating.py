"""The same event on many days."""

from collections.abc import Mapping
from datetime import date, timedelta

from babel.dates import get_day_names
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.babel import show_date
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _n
from carecampaign.distributions import queries, services
from carecampaign.distributions.forms import DaysForm, RepeatForm
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.views.blueprint import blueprint, status_of
from carecampaign.holidays.models import SPECIAL, DayKind
from carecampaign.holidays.queries import kinds_between

PLAN = Permission.DISTRIBUTIONS_PLAN
HOLIDAYS = frozenset({DayKind.HOLIDAY, DayKind.SPRING_FESTIVAL})


@blueprint.route("/<id:event_id>/repeat", methods=["GET", "POST"])
@requires(Permission.DISTRIBUTIONS_PLAN)
def repeat(event_id: int) -> ResponseReturnValue:
    """Hold an event once more on each of the days chosen, all of them or none."""
    event = queries.get_event_for(signed_in(), event_id, PLAN)
    queries.get_campaign_to_plan_for(signed_in(), event.campaign_id)
    choice = _choice(event)
    days = _days(choice, event)
    form = RepeatForm()
    form.offer((day, _words(day, kind)) for day, kind in days.items())
    if not form.is_submitted():
        form.days.data = [day.isoformat() for day in days]
    if form.validate_on_submit():
        try:
            with transaction():
                claim(form.command_id.data, "distributions.repeat")
                events = _repeat(event_id, form.chosen)
        except AlreadyDone:
            return redirect(url_for(".index", campaign=event.campaign_id))
        except DomainError as error:
            _reject(form, error)
        else:
            count = len(events)
            flash(_n("%(num)s event is planned.", "%(num)s events are planned.", count), "success")
            return redirect(url_for(".index", campaign=event.campaign_id))
    page = render_template(
        "distributions/repeat.html", event=event, choice=choice, days=days, form=form
    )
    return page, status_of(form)


def _choice(event: DistributionEvent) -> DaysForm:
    """Read which days to look at; at first the event's own weekday until the campaign ends."""
    first = max(clock.today(), event.held_on + timedelta(days=1))
    return DaysForm(
        formdata=request.args if "since" in request.args else None,
        data={
            "since": min(first, event.campaign.ends_on),
            "until": event.campaign.ends_on,
            "weekdays": [event.held_on.weekday()],
            "skip_holidays": True,
        },
    )


def _days(choice: DaysForm, event: DistributionEvent) -> Mapping[date, DayKind]:
    """Give the days of the campaign that are meant, none while the choice makes no sense."""
    if not choice.validate():
        return {}
    first = max(choice.since.data, event.campaign.starts_on)
    last = min(choice.until.data, event.campaign.ends_on)
    skipped = HOLIDAYS if choice.skip_holidays.data else frozenset()
    return {
        day: kind
        for day, kind in kinds_between(first, last).items()
        if day.weekday() in choice.weekdays.data and kind not in skipped and day != event.held_on
    }


def _words(day: date, kind: DayKind) -> str:
    weekday = get_day_names("abbreviated", locale=get_locale())[day.weekday()]
    special = f" · {kind.label}" if kind in SPECIAL else ""
    return f"{show_date(day)} {weekday}{special}"


def _repeat(event_id: int, days: list[date]) -> list[DistributionEvent]:
    event = queries.get_event_for(signed_in(), event_id, PLAN)
    campaign = queries.get_campaign_to_plan_for(signed_in(), event.campaign_id)
    drafts = {number: services.draft_like(event, day) for number, day in enumerate(days)}
    return services.plan_events(campaign, drafts, by=signed_in())


def _reject(form: RepeatForm, error: DomainError) -> None:
    if not isinstance(error, services.FaultyPlan):
        form.reject(error)
        return
    days = form.chosen
    form.days.errors = [f"{show_date(days[n])}: {fault}" for n, fault in error.faults.items()]
