"""Which language a request speaks: the one chosen in this session, else Chinese."""

from datetime import date, datetime

from babel import Locale
from flask import Flask, has_request_context, session
from flask_babel import Babel, format_date, format_datetime, format_decimal, get_locale

from carecampaign.core import clock
from carecampaign.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, _
from carecampaign.core.money import format_yuan

SESSION_KEY = "language"
KILOMETRE = 1000
babel = Babel()
_LOCALES = {name: Locale.parse(name) for name in LANGUAGES}


def language() -> str:
    """Give the language of this request, "zh" or "en"."""
    chosen = session.get(SESSION_KEY) if has_request_context() else None
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def _locale() -> Locale:
    return _LOCALES[language()]


def is_chinese() -> bool:
    """Say whether the words on screen are Chinese right now."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def in_language(row: object) -> str:
    """Give the name of a row that has a Chinese ``name`` and an English ``name_en``."""
    name: str = row.name  # type: ignore[attr-defined]
    name_en: str = row.name_en  # type: ignore[attr-defined]
    return name if is_chinese() or not name_en else name_en


def show_date(day: date | None) -> str:
    """Write a local date: 2026年11月24日, Nov 24, 2026."""
    return "" if day is None else format_date(day, "medium", rebase=False)


def show_month(day: date) -> str:
    """Write the month of a local date: 2026年11月, November 2026."""
    pattern = "y年M月" if is_chinese() else "MMMM y"
    text: str = format_date(day, pattern, rebase=False)
    return text


def show_weekday(day: date | None) -> str:
    """Write the weekday of a local date: 周二, Tue."""
    return "" if day is None else format_date(day, "EEE", rebase=False)


def show_datetime(instant: datetime | None) -> str:
    """Write an instant in the organisation's zone."""
    return "" if instant is None else format_datetime(instant, "medium")


def show_time(instant: datetime | None) -> str:
    """Write an instant as hours and minutes of the organisation's zone."""
    return "" if instant is None else clock.local(instant).strftime("%H:%M")


def show_number(number: int | None) -> str:
    """Write a whole number with thousands separated."""
    return "" if number is None else format_decimal(number)


def show_yuan(fen: int | None) -> str:
    """Write fen as yuan: ¥1,234.50, -¥16.00."""
    if fen is None:
        return ""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{format_yuan(abs(fen))}"


def show_distance(metres: int | None) -> str:
    """Write a distance as people say it: 350 m, 1.2 km."""
    if metres is None:
        return ""
    if metres < KILOMETRE:
        return _("%(number)s m", number=round(metres, -1))
    return _("%(number)s km", number=format_decimal(round(metres / KILOMETRE, 1)))


def init_app(app: Flask) -> None:
    """Choose the locale per request and give templates their filters."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LANGUAGE
    app.config["BABEL_DEFAULT_TIMEZONE"] = clock.ZONE.key
    babel.init_app(app, locale_selector=_locale)
    app.jinja_env.filters.update(
        {
            "date": show_date,
            "datetime": show_datetime,
            "hour": show_time,
            "month": show_month,
            "weekday": show_weekday,
            "number": show_number,
            "yuan": show_yuan,
            "distance": show_distance,
            "in_language": in_language,
        }
    )
    app.jinja_env.globals.update({"page_language": page_language, "languages": LANGUAGES})


def page_language() -> str:
    """Give the value of ``<html lang>``."""
    return "zh-CN" if is_chinese() else "en"
