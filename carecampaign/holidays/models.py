"""Days that are not what their weekday says: public holidays and make-up workdays, as data."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l


class DayKind(Labelled):
    """What a day is to those who open or close by the calendar."""

    WORKDAY = "workday", _l("Workday")
    WEEKEND = "weekend", _l("Weekend")
    HOLIDAY = "holiday", _l("Public holiday"), "success"
    SPRING_FESTIVAL = "spring_festival", _l("Spring Festival holiday"), "danger"
    MAKE_UP_WORKDAY = "make_up_workday", _l("Make-up workday"), "warning"

    @property
    def is_day_off(self) -> bool:
        """Whether offices are closed."""
        return self in {DayKind.WEEKEND, DayKind.HOLIDAY, DayKind.SPRING_FESTIVAL}


SPECIAL = (DayKind.HOLIDAY, DayKind.SPRING_FESTIVAL, DayKind.MAKE_UP_WORKDAY)
"""The kinds a day is given by name; the weekday tells the others."""


class Holiday(Model):
    """A day that is a holiday or is worked on although a weekend.

    ``is_announced`` is False while the day is only computed: the State Council announces the
    holidays of a year in the autumn before.
    """

    __tablename__ = "holiday"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('holiday', 'spring_festival', 'make_up_workday')", name="kind_is_special"
        ),
    )

    day: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[DayKind]
    name: Mapped[str]
    name_en: Mapped[str]
    is_announced: Mapped[bool] = mapped_column(default=True)
