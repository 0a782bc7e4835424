"""Star levels and titles of a station."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.undo import flash_with_undo
from carecampaign.stations import queries, services
from carecampaign.stations.forms import AwardForm, RatingForm
from carecampaign.stations.models import AwardLevel
from carecampaign.stations.views.blueprint import blueprint, to_station


@blueprint.route("/<id:station_id>/ratings/new", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def add_rating(station_id: int) -> ResponseReturnValue:
    """Give a station its star level of a year."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    form = RatingForm(year=clock.today().year)
    if form.validate_on_submit():
        try:
            with transaction():
                claim(form.command_id.data, "stations.add_rating")
                services.add_rating(
                    queries.get_station_to_manage(signed_in(), station_id, lock=True),
                    year=form.year.data,
                    stars=form.stars.data,
                    note=form.note.data,
                    by=signed_in(),
                )
        except AlreadyDone:
            return to_station(station_id)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Star level saved."), "success")
            return to_station(station_id)
    page = render_template("stations/add_rating.html", form=form, station=station)
    return page, 422 if form.errors else 200


@blueprint.post("/<id:station_id>/ratings/<id:rating_id>/remove")
@requires(Permission.STATIONS_MANAGE)
def remove_rating(station_id: int, rating_id: int) -> ResponseReturnValue:
    """Take out a star level that was entered by mistake."""
    with transaction():
        station = queries.get_station_to_manage(signed_in(), station_id, lock=True)
        rating = queries.get_rating(station, rating_id)
        services.remove_rating(station, rating, by=signed_in())
    flash(_("Star level removed."), "success")
    return to_station(station_id)


@blueprint.route("/<id:station_id>/awards/new", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def add_award(station_id: int) -> ResponseReturnValue:
    """Note that a station was named a Most Beautiful Station."""
    station = queries.get_station_to_manage(signed_in(), station_id)
    form = AwardForm(year=clock.today().year)
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_award(
                    queries.get_station_to_manage(signed_in(), station_id, lock=True),
                    year=form.year.data,
                    level=AwardLevel(form.level.data),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Title saved."), "success")
            return to_station(station_id)
    page = render_template("stations/add_award.html", form=form, station=station)
    return page, 422 if form.errors else 200


@blueprint.post("/<id:station_id>/awards/<id:award_id>/remove")
@requires(Permission.STATIONS_MANAGE)
def remove_award(station_id: int, award_id: int) -> ResponseReturnValue:
    """Take out a title that was entered by mistake."""
    with transaction():
        station = queries.get_station_to_manage(signed_in(), station_id, lock=True)
        award = queries.get_award(station, award_id)
        services.remove_award(station, award, by=signed_in())
    flash_with_undo(
        _("Title removed."),
        ".add_award",
        sending={"year": str(award.year), "level": award.level.value},
        station_id=station_id,
    )
    return to_station(station_id)
