"""Read rules from the notation, in Chinese or English."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.stations.opening.rules import (
    DAY,
    HOUR,
    WEEK,
    WHOLE_DAY,
    WORKDAYS,
    Dated,
    OpeningDay,
    Rules,
    Span,
    Spans,
)
from carecampaign.stations.opening.writing import write_time


class OpeningError(DomainError):
    """Opening hours cannot be read, or cannot be; the words name the piece."""

    field = "opening"


class NotUnderstood(OpeningError):
    """A piece of the text is neither a day nor a time."""

    def __init__(self, piece: str) -> None:
        super().__init__(_l("“%(piece)s” is not understood.", piece=piece))


class NoSuchTime(OpeningError):
    """There is no such time or date, or a period that takes no time."""

    def __init__(self, piece: str) -> None:
        super().__init__(_l("“%(piece)s” cannot be.", piece=piece))


class Incomplete(OpeningError):
    """Days without times, times without days, or half of a period."""

    def __init__(self, piece: str) -> None:
        super().__init__(_l("Something is missing at “%(piece)s”.", piece=piece))


class Overlap(OpeningError):
    """Two times of one day, or two dated rules, overlap."""

    def __init__(self, piece: str) -> None:
        super().__init__(_l("“%(piece)s” overlaps with another one.", piece=piece))


class GivenTwice(OpeningError):
    """A day has two rules."""

    def __init__(self, piece: str) -> None:
        super().__init__(_l("“%(piece)s” has two rules.", piece=piece))


_WEEKDAY_STEMS = "一二三四五六日"
_ENGLISH_STEMS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PATTERNS = {
    "gap": r"[\s,;、。:]+|对外|开放|营业|每(?=周|星期)|(?:and|open)(?![a-z])",
    "date": r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?",
    "whole_day": r"24\s*(?:小时|(?:hours?|h)(?![a-z]))|全天",
    "time": r"([0-9]{1,2})(?::([0-9]{2})|[点时](?:([0-9]{1,2})分?)?)",
    "dash": r"[-–—―−~至到]+|(?:to|till?|until)(?![a-z])",
    "closed": r"休息|不开放|关闭|closed(?![a-z])",
    "every_day": r"每天|每日|(?:daily|every\s*day)(?![a-z])",
    "workdays": r"工作日|weekdays?(?![a-z])",
    "weekend": r"周末|双休日|weekends?(?![a-z])",
    "spring_festival": r"春节(?:期间|假期)?|spring\s+festival(?![a-z])",
    "holiday": r"法定(?:节假日|假日|节日)|节假日|(?:public\s+)?holidays?(?![a-z])",
    "weekday": r"(?:周|星期|礼拜)([一二三四五六日天])|([一二三四五六日天])(?![一-龥])"
    r"|(mon(?:days?)?|tue(?:s(?:days?)?)?|wed(?:nesdays?)?|thu(?:r?s?(?:days?)?)?|fri(?:days?)?"
    r"|sat(?:urdays?)?|sun(?:days?)?)(?![a-z])\.?",
    "other": r"[^\s,;、。:]+",
}
_TOKEN = re.compile(
    "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()), re.IGNORECASE
)


@dataclass(frozen=True)
class _Token:
    """A piece of the text, and what of it stood in brackets of its pattern."""

    kind: str
    text: str
    parts: tuple[str, ...] = ()


_END = _Token("end", "")


def parse(text: str) -> Rules:
    """Read rules; an empty text is none. Raises OpeningError, which names the piece."""
    tokens = _Tokens(text)
    found = _Found()
    while tokens.next is not _END:
        _read_rule(tokens, found)
    return found.rules()


class _Tokens:
    """The pieces of a text, one after the other."""

    def __init__(self, text: str) -> None:
        self._rest = _tokens_of(unicodedata.normalize("NFKC", text))
        self.next = next(self._rest, _END)
        self.last = _END

    def take(self, *kinds: str) -> _Token | None:
        """Give the next piece and step on if it is of one of the kinds."""
        if self.next.kind not in kinds:
            return None
        self.last, self.next = self.next, next(self._rest, _END)
        return self.last

    def need(self, kind: str) -> _Token:
        """Give the next piece. Raises OpeningError if it is of another kind."""
        if (token := self.take(kind)) is None:
            raise self.unexpected()
        return token

    def unexpected(self) -> OpeningError:
        """Say what is wrong with the next piece standing where it stands."""
        if self.next.kind == "other":
            return NotUnderstood(self.next.text)
        return Incomplete(f"{self.last.text} {self.next.text}".strip())


def _tokens_of(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "gap":
            whole = re.match(_PATTERNS[kind], match[0] + "\n", re.IGNORECASE)
            parts = tuple(part for part in whole.groups() if part) if whole else ()
            yield _Token(kind, match[0], parts)


class _Found:
    """Rules as far as they are read."""

    def __init__(self) -> None:
        self.every_day: Spans | None = None
        self.days: dict[OpeningDay, Spans] = {}
        self.dated: list[Dated] = []

    def add(self, target: "_Target", spans: Spans) -> None:
        """Let spans hold for a target. Raises GivenTwice."""
        if target.dates is not None:
            self.dated.append(Dated(*target.dates, spans))
        elif target.days == WEEK:
            if self.every_day is not None:
                raise GivenTwice(target.text)
            self.every_day = spans
        else:
            if any(day in self.days for day in target.days):
                raise GivenTwice(target.text)
            self.days |= dict.fromkeys(target.days, spans)

    def rules(self) -> Rules:
        """Put them together: a day's own rule goes before that of every day."""
        base = {} if self.every_day is None else dict.fromkeys(WEEK, self.every_day)
        dated = sorted(self.dated)
        for before, after in pairwise(dated):
            if after.first <= before.last:
                raise Overlap(after.first.isoformat())
        return Rules(days=base | self.days, dated=tuple(dated))


@dataclass(frozen=True)
class _Target:
    """Days, or the first and last of some dates, as they were written."""

    text: str
    days: tuple[OpeningDay, ...] = ()
    dates: tuple[date, date] | None = None


_EVERY_DAY = _Target("", WEEK)
_NAMED_DAYS = {
    "every_day": WEEK,
    "workdays": WORKDAYS,
    "weekend": WEEK[5:],
    "holiday": (OpeningDay.HOLIDAY,),
    "spring_festival": (OpeningDay.SPRING_FESTIVAL,),
}


def _read_rule(tokens: _Tokens, found: _Found) -> None:
    """Read days and their times; only the first rule may leave the days out: every day."""
    is_first = tokens.last is _END
    targets = list(_read_targets(tokens))
    if not targets and not is_first:
        raise tokens.unexpected()
    spans = _read_spans(tokens)
    for target in targets or [_EVERY_DAY]:
        found.add(target, spans)


def _read_targets(tokens: _Tokens) -> Iterator[_Target]:
    while True:
        if (token := tokens.take(*_NAMED_DAYS)) is not None:
            yield _Target(token.text, _NAMED_DAYS[token.kind])
        elif (token := tokens.take("weekday")) is not None:
            yield _read_weekdays(token, tokens)
        elif (token := tokens.take("date")) is not None:
            yield _read_dates(token, tokens)
        else:
            return


def _read_weekdays(first: _Token, tokens: _Tokens) -> _Target:
    if tokens.take("dash") is None:
        return _Target(first.text, (WEEK[_weekday(first)],))
    last = tokens.need("weekday")
    text = f"{first.text}-{last.text}"
    start, end = _weekday(first), _weekday(last)
    if end <= start:
        raise NoSuchTime(text)
    return _Target(text, WEEK[start : end + 1])


def _weekday(token: _Token) -> int:
    """Give 0 for Monday."""
    [name] = token.parts
    if len(name) == 1:
        return _WEEKDAY_STEMS.index(name.replace("天", "日"))
    return _ENGLISH_STEMS.index(name[:3].lower())


def _read_dates(first: _Token, tokens: _Tokens) -> _Target:
    start = end = _date(first)
    text = first.text
    if tokens.take("dash") is not None:
        last = tokens.need("date")
        end, text = _date(last), f"{first.text}-{last.text}"
    if end < start:
        raise NoSuchTime(text)
    return _Target(text, dates=(start, end))


def _date(token: _Token) -> date:
    try:
        return date(*(int(part) for part in token.parts))
    except ValueError as error:
        raise NoSuchTime(token.text) from error


def _read_spans(tokens: _Tokens) -> Spans:
    if tokens.take("closed") is not None:
        return ()
    if tokens.take("whole_day") is not None:
        return (WHOLE_DAY,)
    spans = [_read_span(tokens)]
    while tokens.next.kind == "time":
        spans.append(_read_span(tokens))
    spans.sort()
    for before, after in pairwise(spans):
        if after.opens < before.closes:
            raise Overlap(f"{write_time(after.opens)}-{write_time(after.closes)}")
    return tuple(spans)


def _read_span(tokens: _Tokens) -> Span:
    first = tokens.need("time")
    tokens.need("dash")
    last = tokens.need("time")
    opens, closes = _minute(first), _minute(last)
    if opens in (closes, DAY):
        raise NoSuchTime(f"{first.text}-{last.text}")
    return Span(opens, closes if closes > opens else closes + DAY)


def _minute(token: _Token) -> int:
    hour, minute = (int(part) for part in (*token.parts, "0")[:2])
    if minute >= HOUR or hour * HOUR + minute > DAY:
        raise NoSuchTime(token.text)
    return hour * HOUR + minute
