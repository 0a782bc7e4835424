"""The days of a year: shown, entered, changed."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_csv, send_xlsx
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.holidays import queries, services
from carecampaign.holidays.forms import EditDayForm, MonthForm, NewDaysForm, YearForm
from carecampaign.holidays.grid import month_of
from carecampaign.holidays.models import DayKind
from carecampaign.holidays.proposals import propose
from carecampaign.holidays.tables import sheet_of
from carecampaign.holidays.views.blueprint import blueprint


@blueprint.get("")
@requires(Permission.HOLIDAYS_VIEW)
def index() -> ResponseReturnValue:
    """Show the days of a year, or what they would be."""
    year = _year()
    days = queries.list_of_year(year)
    proposed = [] if days else propose(year)
    first = date(year, _month_in(year), 1)
    return render_template(
        "holidays/index.html",
        year=year,
        years=[(one, _url_of(one), one == year) for one in _years_around(year)],
        days=days,
        proposed=proposed,
        month=month_of(first, days or proposed, today=clock.today()),
        kinds=[kind for kind in DayKind if kind is not DayKind.WORKDAY],
    )


@blueprint.get("/export.<any(xlsx, csv):kind>")
@requires(Permission.HOLIDAYS_VIEW)
def export(kind: str) -> ResponseReturnValue:
    """Send the days of a year as a table that can be imported again."""
    year = _year()
    name = _("Holidays %(year)s", year=year)
    sheet = sheet_of(name, queries.list_of_year(year))
    return send_xlsx(name, sheet) if kind == "xlsx" else send_csv(name, sheet)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.HOLIDAYS_MANAGE)
def create() -> ResponseReturnValue:
    """Enter a day, or each day of a range."""
    form = NewDaysForm()
    if form.validate_on_submit():
        try:
            with transaction():
                claim(form.command_id.data, "holidays.create")
                services.add_days(
                    form.first.data,
                    form.last.data,
                    kind=DayKind(form.kind.data),
                    name=form.name.data,
                    name_en=form.name_en.data,
                    by=signed_in(),
                )
        except AlreadyDone:
            return redirect(_url_of(form.first.data.year))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Calendar saved."), "success")
            return redirect(_url_of(form.first.data.year))
    page = render_template("holidays/create.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/<id:holiday_id>/edit", methods=["GET", "POST"])
@requires(Permission.HOLIDAYS_MANAGE)
def edit(holiday_id: int) -> ResponseReturnValue:
    """Change what a day is."""
    holiday = queries.get_holiday(holiday_id)
    form = EditDayForm(obj=holiday)
    if form.validate_on_submit():
        with transaction():
            services.edit_day(
                queries.get_holiday(holiday_id),
                kind=DayKind(form.kind.data),
                name=form.name.data,
                name_en=form.name_en.data,
                is_announced=form.is_announced.data,
                by=signed_in(),
            )
        flash(_("Calendar saved."), "success")
        return redirect(_url_of(holiday.day.year))
    page = render_template("holidays/edit.html", form=form, holiday=holiday)
    return page, 422 if form.errors else 200


@blueprint.post("/<id:holiday_id>/remove")
@requires(Permission.HOLIDAYS_MANAGE)
def remove(holiday_id: int) -> ResponseReturnValue:
    """Take a day out of the calendar."""
    with transaction():
        holiday = queries.get_holiday(holiday_id)
        services.remove_day(holiday, by=signed_in())
    flash(_("Day removed from the calendar."), "success")
    return redirect(_url_of(holiday.day.year))


@blueprint.post("/take-over")
@requires(Permission.HOLIDAYS_MANAGE)
def take_over() -> ResponseReturnValue:
    """Enter the proposed days of a year."""
    year = _year()
    with transaction():
        services.take_over(year, by=signed_in())
    flash(_("Proposed days entered. Change them as needed."), "success")
    return redirect(_url_of(year))


@blueprint.post("/confirm")
@requires(Permission.HOLIDAYS_MANAGE)
def confirm() -> ResponseReturnValue:
    """Say that the days of a year are as announced."""
    year = _year()
    with transaction():
        services.confirm_year(year, by=signed_in())
    flash(_("The days of %(year)s are marked as announced.", year=year), "success")
    return redirect(_url_of(year))


def _year() -> int:
    """Read the year the page is about; anything that is none counts as this year."""
    form = YearForm(request.values)
    return form.year.data if form.validate() else clock.today().year


def _month_in(year: int) -> int:
    """Read the month to lay out: of this year the one it is, else the first, if none is named."""
    form = MonthForm(request.args)
    today = clock.today()
    usual = today.month if year == today.year else 1
    return form.month.data if form.validate() else usual


def _years_around(shown: int) -> list[int]:
    this_year = clock.today().year
    return sorted({*queries.list_years(), this_year, this_year + 1, shown})


def _url_of(year: int) -> str:
    return url_for("holidays.index", year=year)
