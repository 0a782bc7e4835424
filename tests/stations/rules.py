"""Random opening rules for the tests, as Hypothesis draws them."""

from datetime import date, timedelta

from hypothesis import strategies as st

from carecampaign.stations.opening import DAY, WEEK, WHOLE_DAY, Dated, OpeningDay, Rules, Span

FIRST_DAY = date(2027, 1, 25)
"""A Monday, two weeks before Spring Festival."""

KINDS = (*WEEK, OpeningDay.HOLIDAY, OpeningDay.SPRING_FESTIVAL)


@st.composite
def spans(draw) -> tuple[Span, ...]:
    """Nothing, the whole day, or spans apart from one another, the last perhaps past midnight."""
    if draw(st.booleans()):
        return draw(st.sampled_from([(), (WHOLE_DAY,)]))
    times = sorted(draw(st.sets(st.integers(0, DAY), min_size=2, max_size=6)))
    pairs = list(zip(times[::2], times[1::2], strict=False))
    found = [Span(opens, closes) for opens, closes in pairs]
    last = found[-1]
    if draw(st.booleans()) and last.opens > 0:
        closes = DAY + draw(st.integers(1, DAY)) % last.opens
        if closes > DAY:
            found[-1] = Span(last.opens, closes)
    return tuple(found)


@st.composite
def dated(draw) -> tuple[Dated, ...]:
    """Up to two dated rules that do not overlap, in the fortnight or so the tests look at."""
    found, day = [], FIRST_DAY
    for _number in range(draw(st.integers(0, 2))):
        first = day + timedelta(days=draw(st.integers(0, 8)))
        last = first + timedelta(days=draw(st.integers(0, 5)))
        found.append(Dated(first, last, draw(spans())))
        day = last + timedelta(days=1)
    return tuple(found)


rules = st.builds(Rules, days=st.dictionaries(st.sampled_from(KINDS), spans()), dated=dated())
