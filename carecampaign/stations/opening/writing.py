"""Write rules in the notation, in Chinese or English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carecampaign.stations.opening.rules import (
    DAY,
    HOUR,
    WEEK,
    WHOLE_DAY,
    OpeningDay,
    Rules,
    Spans,
)


def write_time(minute: int) -> str:
    """Write a minute as 9:00; 26:00 of a span past midnight as 2:00, its very end as 24:00."""
    if minute > DAY:
        minute -= DAY
    return f"{minute // HOUR}:{minute % HOUR:02}"


@dataclass(frozen=True)
class _Words:
    """How one language writes rules."""

    week: tuple[str, ...]
    every_day: str
    holiday: str
    spring_festival: str
    closed: str
    whole_day: str
    to: str
    between_dates: str
    between_days: str
    between_spans: str
    between_rules: str


_WORDS = {
    "zh": _Words(
        week=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        every_day="每天",
        holiday="法定节假日",
        spring_festival="春节",
        closed="休息",
        whole_day="24小时",
        to="至",
        between_dates="至",
        between_days="、",
        between_spans="、",
        between_rules="；",
    ),
    "en": _Words(
        week=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        every_day="Daily",
        holiday="Holidays",
        spring_festival="Spring Festival",
        closed="closed",
        whole_day="24 h",
        to="-",
        between_dates=" to ",
        between_days=", ",
        between_spans=", ",
        between_rules="; ",
    ),
}


def write(rules: Rules, language: str = "zh") -> str:
    """Write rules in the notation, in one line; ``parse`` reads them back as they were."""
    words = _WORDS[language]
    written = [
        f"{_write_days(days, words)} {_write_spans(spans, words)}"
        for days, spans in _grouped(rules.days)
    ]
    for kind, word in (
        (OpeningDay.HOLIDAY, words.holiday),
        (OpeningDay.SPRING_FESTIVAL, words.spring_festival),
    ):
        if kind in rules.days:
            written.append(f"{word} {_write_spans(rules.days[kind], words)}")
    for rule in rules.dated:
        dates = [rule.first] if rule.first == rule.last else [rule.first, rule.last]
        named = words.between_dates.join(day.isoformat() for day in dates)
        written.append(f"{named} {_write_spans(rule.spans, words)}")
    return words.between_rules.join(written)


def write_spans(spans: Spans, language: str = "zh") -> str:
    """Write the times of one day: 9:00-12:00、13:30-17:30, 24小时, 休息."""
    return _write_spans(spans, _WORDS[language])


def _grouped(days: Mapping[OpeningDay, Spans]) -> list[tuple[list[OpeningDay], Spans]]:
    """Put days of the week with the same spans together, in the order they first come in."""
    groups: dict[Spans, list[OpeningDay]] = {}
    for day in WEEK:
        if day in days:
            groups.setdefault(days[day], []).append(day)
    return [(group, spans) for spans, group in groups.items()]


def _write_days(days: Sequence[OpeningDay], words: _Words) -> str:
    if len(days) == len(WEEK):
        return words.every_day
    return words.between_days.join(
        words.week[run[0]]
        if len(run) == 1
        else f"{words.week[run[0]]}{words.to}{words.week[run[-1]]}"
        for run in _runs([WEEK.index(day) for day in days])
    )


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Split ascending numbers where one is left out."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _write_spans(spans: Spans, words: _Words) -> str:
    if not spans:
        return words.closed
    if spans == (WHOLE_DAY,):
        return words.whole_day
    return words.between_spans.join(
        f"{write_time(span.opens)}-{write_time(span.closes)}" for span in spans
    )
