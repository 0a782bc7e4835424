"""Star levels and titles of a station: each year's stays, also after a downgrade."""

from carecampaign.access.actor import Actor
from carecampaign.stations.models import AwardLevel, Station, StationAward, StationRating
from carecampaign.stations.services.errors import AlreadyAwarded
from carecampaign.stations.services.recording import record


def add_rating(
    station: Station, *, year: int, stars: int, note: str = "", by: Actor
) -> StationRating:
    """Give a station its star level of a year; 0 takes the stars away.

    Of several in a year the last one counts; former ones stay.
    """
    rating = StationRating(year=year, stars=stars, note=note)
    changes = {"year": year, "stars": [station.stars, stars], "note": note}
    station.ratings.append(rating)
    record("add_rating", station, by=by, changes=changes)
    return rating


def remove_rating(station: Station, rating: StationRating, *, by: Actor) -> None:
    """Take out a star level that was entered by mistake."""
    station.ratings.remove(rating)
    changes = {"year": rating.year, "stars": rating.stars}
    record("remove_rating", station, by=by, changes=changes)


def add_award(station: Station, *, year: int, level: AwardLevel, by: Actor) -> StationAward:
    """Note that a station was named a Most Beautiful Station. Raises AlreadyAwarded."""
    if any((award.year, award.level) == (year, level) for award in station.awards):
        raise AlreadyAwarded
    award = StationAward(year=year, level=level)
    station.awards.append(award)
    record("add_award", station, by=by, changes={"year": year, "level": level})
    return award


def remove_award(station: Station, award: StationAward, *, by: Actor) -> None:
    """Take out a title that was entered by mistake."""
    station.awards.remove(award)
    changes = {"year": award.year, "level": award.level}
    record("remove_award", station, by=by, changes=changes)
