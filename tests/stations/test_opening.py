"""The notation of opening hours: what staff write is understood, and written back the same."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecampaign.core.i18n import in_language_of
from carecampaign.stations.opening import (
    WEEK,
    WHOLE_DAY,
    WORKDAYS,
    Dated,
    GivenTwice,
    Incomplete,
    NoSuchTime,
    NotUnderstood,
    OpeningDay,
    OpeningError,
    Overlap,
    Rules,
    Span,
    parse,
    write,
)
from tests.stations.rules import rules

SAT, SUN = WEEK[5:]
NINE_TO_FIVE = (Span(540, 1020),)

UNION_STAFF = (
    "周一至周五 9:00-12:00、13:30-17:30；周六 10:00-16:00；法定节假日 休息；春节 10:00-15:00"
)


def every_day(*spans: Span) -> Rules:
    return Rules(days=dict.fromkeys(WEEK, spans))


def test_what_union_staff_write_is_understood():
    split = (Span(540, 720), Span(810, 1050))

    assert parse(UNION_STAFF) == Rules(
        days={
            **dict.fromkeys(WORKDAYS, split),
            SAT: (Span(600, 960),),
            OpeningDay.HOLIDAY: (),
            OpeningDay.SPRING_FESTIVAL: (Span(600, 900),),
        }
    )
    assert write(parse(UNION_STAFF)) == UNION_STAFF


def test_it_is_written_in_english_too():
    english = (
        "Mon-Fri 9:00-12:00, 13:30-17:30; Sat 10:00-16:00; Holidays closed; "
        "Spring Festival 10:00-15:00"
    )

    assert write(parse(UNION_STAFF), "en") == english
    assert parse(english) == parse(UNION_STAFF)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Rules()),
        ("24小时", every_day(WHOLE_DAY)),
        ("24小时开放", every_day(WHOLE_DAY)),
        ("24 h", every_day(WHOLE_DAY)),
        ("Daily 0:00-24:00", every_day(WHOLE_DAY)),
        ("每天 9:00-21:00", every_day(Span(540, 1260))),
        ("周一至周日：9：00～17：00", every_day(*NINE_TO_FIVE)),
        ("9:00-17:00", every_day(*NINE_TO_FIVE)),
        ("星期一到星期五 9点—17点", Rules(days=dict.fromkeys(WORKDAYS, NINE_TO_FIVE))),
        ("工作日9:00-17:00\n周末休息", parse("周一至周五 9:00-17:00；周六、周日 休息")),
        ("Monday to Friday 9:00-17:00", parse("周一至五 9:00-17:00")),
        ("Weekdays 9:00-17:00; weekends closed", parse("周一至五 9:00-17:00, 周六日 休息")),
        ("Tues, Thurs. 9:00-17:00", Rules(days=dict.fromkeys((WEEK[1], WEEK[3]), NINE_TO_FIVE))),
        ("每天 22:00-02:00", every_day(Span(1320, 1560))),
        ("每天 22:00-0:00", every_day(Span(1320, 1440))),
        ("每天 9:00-17:00；周日 休息", Rules(days=every_day(*NINE_TO_FIVE).days | {SUN: ()})),
        (
            "2027-02-05至2027-02-12 休息，2027年3月1日 9:00-17:00",
            Rules(
                dated=(
                    Dated(date(2027, 2, 5), date(2027, 2, 12), ()),
                    Dated(date(2027, 3, 1), date(2027, 3, 1), NINE_TO_FIVE),
                )
            ),
        ),
    ],
)
def test_each_way_to_write_is_understood(text, meant):
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "error", "piece"),
    [
        ("周一 早上", NotUnderstood, "早上"),
        ("初一 9:00-17:00", NotUnderstood, "初一"),
        ("周一 9-17", NotUnderstood, "9-17"),
        ("2月5日 休息", NotUnderstood, "2月5日"),
        ("Monkey 9:00-17:00", NotUnderstood, "Monkey"),
        ("周一", Incomplete, "周一"),
        ("周一 9:00", Incomplete, "9:00"),
        ("周一 9:00-", Incomplete, "-"),
        ("周一至 9:00-17:00", Incomplete, "至 9:00"),
        ("周一 休息 9:00-17:00", Incomplete, "休息 9:00"),
        ("2027-02-05至 休息", Incomplete, "至 休息"),
        ("周一 25:00-26:00", NoSuchTime, "25:00"),
        ("周一 9:60-10:00", NoSuchTime, "9:60"),
        ("周一 24:00-2:00", NoSuchTime, "24:00-2:00"),
        ("周一 9:00-9:00", NoSuchTime, "9:00-9:00"),
        ("周五至周一 9:00-17:00", NoSuchTime, "周五-周一"),
        ("2027-02-30 休息", NoSuchTime, "2027-02-30"),
        ("2027-02-12至2027-02-05 休息", NoSuchTime, "2027-02-12-2027-02-05"),
        ("周一 9:00-12:00、11:00-13:00", Overlap, "11:00-13:00"),
        ("2027-02-01至2027-02-09 休息；2027-02-09 9:00-17:00", Overlap, "2027-02-09"),
        ("周一 9:00-17:00；周一至周五 休息", GivenTwice, "周一-周五"),
        ("每天 休息；每日 休息", GivenTwice, "每日"),
    ],
)
def test_an_error_names_the_piece(app, text, error, piece):
    with in_language_of("en"), pytest.raises(error, match="“") as raised:
        parse(text)

    assert f"“{piece}”" in str(raised.value)
    assert raised.value.field == "opening"


@given(rules, st.sampled_from(["zh", "en"]))
def test_rules_are_read_back_as_they_were_written(made, language):
    assert parse(write(made, language)) == made


DAYS = ["周一", "周五", "日", "Mon", "节假日", "春节", "2027-02-05", "9999-99-99"]
TIMES = ["9:00", "17:30", "99:99", "休息", "closed", "24小时"]
SIGNS = ["至", "-", "to", "；", "、", " ", "\n", "\0", "²", "¾"]
PIECES = st.sampled_from([*DAYS, *TIMES, *SIGNS])


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_other_text_is_refused_by_the_one_error(text):
    try:
        found = parse(text)
    except OpeningError:
        return
    assert parse(write(found)) == found
