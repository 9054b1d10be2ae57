"""Days in a question: what is said is understood, what only looks like it is not."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.dates import date_ranges

NOW = dt.date(2023, 10, 18)  # a Wednesday
MONTHS = (
    "January February March April May June July August September October November December".split()
)

DAYS = {
    "October 10, 2023": "2023-10-10",
    "on Tuesday, October 10th, 2023": "2023-10-10",
    "10 October 2023": "2023-10-10",
    "the 10th of October 2023": "2023-10-10",
    "10 Oct": "2023-10-10",
    "Oct. 10": "2023-10-10",
    "10-Oct-2023": "2023-10-10",
    "31 October": "2022-10-31",
    "29 February": "2020-02-29",
    "2023-10-10": "2023-10-10",
    "'2023-10-10T13:55:17+00:00'": "2023-10-10",
    "2023/10/10": "2023-10-10",
    "10/10/2023": "2023-10-10",
    "13/10/2023": "2023-10-13",
    "10/13/2023": "2023-10-13",
    "5.10.2023": "2023-10-05",
    "5 may 2023": "2023-05-05",
    "news from march 5": "2023-03-05",
    "the 5th of march": "2023-03-05",
    "what came on May 5": "2023-05-05",
    "ON OCTOBER 10": "2023-10-10",
    "yesterday's news": "2023-10-17",
    "the day before yesterday": "2023-10-16",
    "today's headlines": "2023-10-18",
    "published today": "2023-10-18",
    "three days ago": "2023-10-15",
    "on Monday": "2023-10-16",
    "on Wednesday": "2023-10-18",
    "last Wednesday": "2023-10-11",
    "2023年10月10日": "2023-10-10",
    "2023년 10월 10일": "2023-10-10",
    "10. října 2023": "2023-10-10",
    "10 de octubre de 2023": "2023-10-10",
    "10 octobre 2023": "2023-10-10",
}

PERIODS = {
    "October 2023": ("in: October 2023", "2023-10-01", "2023-10-31"),
    "in Sept. 2023": ("in: September 2023", "2023-09-01", "2023-09-30"),
    "mid-February 2024": ("in: February 2024", "2024-02-01", "2024-02-29"),
    "In October, what": ("in: October 2023", "2023-10-01", "2023-10-31"),
    "in november": ("in: November 2022", "2022-11-01", "2022-11-30"),
    "last October": ("in: October 2022", "2022-10-01", "2022-10-31"),
    "en octobre 2023": ("in: October 2023", "2023-10-01", "2023-10-31"),
    "2023年10月的新闻": ("in: October 2023", "2023-10-01", "2023-10-31"),
    "in early 2023": ("in: 2023", "2023-01-01", "2023-12-31"),
    "the World Cup of 2022": ("in: 2022", "2022-01-01", "2022-12-31"),
    "the 2023 report": ("in: 2023", "2023-01-01", "2023-12-31"),
    "Q3 2023": ("in: Q3 2023", "2023-07-01", "2023-09-30"),
    "the third quarter of 2023": ("in: Q3 2023", "2023-07-01", "2023-09-30"),
    "in Q4": ("in: Q4 2023", "2023-10-01", "2023-12-31"),
    "the first half of 2023": ("in: H1 2023", "2023-01-01", "2023-06-30"),
    "in the 1990s": ("in: 1990s", "1990-01-01", "1999-12-31"),
    "last week's game": ("between: 9 Oct 2023 and 15 Oct 2023", "2023-10-09", "2023-10-15"),
    "last weekend": ("between: 14 Oct 2023 and 15 Oct 2023", "2023-10-14", "2023-10-15"),
    "two weeks ago": ("between: 2 Oct 2023 and 8 Oct 2023", "2023-10-02", "2023-10-08"),
    "this month": ("in: October 2023", "2023-10-01", "2023-10-31"),
    "a year ago": ("in: 2022", "2022-01-01", "2022-12-31"),
    "past three days": ("since: 15 Oct 2023", "2023-10-15", None),
    "over the last two weeks": ("since: 4 Oct 2023", "2023-10-04", None),
    "in the last 24 hours": ("since: 17 Oct 2023", "2023-10-17", None),
    "the past month": ("since: 18 Sep 2023", "2023-09-18", None),
    "since Monday": ("since: 16 Oct 2023", "2023-10-16", None),
    "since may": ("since: May 2023", "2023-05-01", None),
    "on or after 5 October": ("since: 5 Oct 2023", "2023-10-05", None),
    "October 2023 onwards": ("since: October 2023", "2023-10-01", None),
    "2022 or later": ("since: 2022", "2022-01-01", None),
    "after October 10, 2023": ("after: 10 Oct 2023", "2023-10-11", None),
    "after last week": ("after: 15 Oct 2023", "2023-10-16", None),
    "after 2022": ("after: 2022", "2023-01-01", None),
    "2023年10月10日之后": ("after: 10 Oct 2023", "2023-10-11", None),
    "before 1 Nov 2023": ("before: 1 Nov 2023", None, "2023-10-31"),
    "prior to October 2023": ("before: October 2023", None, "2023-09-30"),
    "until 2022": ("until: 2022", None, "2022-12-31"),
    "by the end of October 2023": ("until: October 2023", None, "2023-10-31"),
    "as of July 2023": ("until: July 2023", None, "2023-07-31"),
    "October 10-12, 2023": (
        "between: 10 Oct 2023 and 12 Oct 2023",
        "2023-10-10",
        "2023-10-12",
    ),
    "between 1 and 5 October": ("between: 1 Oct 2023 and 5 Oct 2023", "2023-10-01", "2023-10-05"),
    "between October 1 and November 5, 2022": (
        "between: 1 Oct 2022 and 5 Nov 2022",
        "2022-10-01",
        "2022-11-05",
    ),
    "from December 20 to January 5, 2023": (
        "between: 20 Dec 2022 and 5 Jan 2023",
        "2022-12-20",
        "2023-01-05",
    ),
    "from October 20, 2021 until 5 January": (
        "between: 20 Oct 2021 and 5 Jan 2022",
        "2021-10-20",
        "2022-01-05",
    ),
    "from May to July 2022": ("between: May 2022 and July 2022", "2022-05-01", "2022-07-31"),
    "in 2010–2012": ("between: 2010 and 2012", "2010-01-01", "2012-12-31"),
    "between 2010 and 2012": ("between: 2010 and 2012", "2010-01-01", "2012-12-31"),
}

NONE = """
30 February 2023|2023-13-45|October 45, 2023|31.11.2023|5/10/2023|12/2023|H3 2023|They may go
They march on|What may 10 people do|May 10 people attend?|March on|on Monday Night Football
Black Friday|in March Madness|after May resigned|Theresa May said|2,023 people|$2023|in 2023 people
after 2000 people died|20230|2023-24 season|version 2023.1|room 2023|1914–1918|in 1066|today
The Beatles' song Yesterday|in the third quarter|last five games|next week|the last week of the war
at last|Mars 2020|10 million 2023|in Paris 2024|Summer 2023|second to none|1,300 days ago
the previous year|a day of rest
""".strip().replace("\n", "|")


@pytest.mark.parametrize(("question", "day"), DAYS.items())
def test_a_day_is_understood_as_it_is_written(question: str, day: str) -> None:
    (one,) = date_ranges(question, NOW)
    assert (one.since, one.until, one.precision) == (day, day, "day")
    there = dt.date.fromisoformat(day)
    assert one.label == f"on: {there.day} {MONTHS[there.month - 1][:3]} {there.year}"


@pytest.mark.parametrize(("question", "meant"), PERIODS.items())
def test_a_stretch_of_days_is_understood_as_it_is_said(
    question: str, meant: tuple[str, str | None, str | None]
) -> None:
    (one,) = date_ranges(question, NOW)
    assert (one.label, one.since, one.until) == meant


@pytest.mark.parametrize("question", NONE.split("|"))
def test_what_only_looks_like_a_date_is_none(question: str) -> None:
    assert date_ranges(question, NOW) == ()


def test_each_of_several_dates_has_its_place() -> None:
    question = "Do the reports of October 5 and 7 October 2022 agree, in 2019, 2020 and 2021?"
    found = date_ranges(question, NOW)
    assert [(one.label, question[one.start : one.end]) for one in found] == [
        ("on: 5 Oct 2022", "of October 5"),
        ("on: 7 Oct 2022", "7 October 2022"),
        ("in: 2019", "in 2019"),
        ("in: 2020", "2020"),
        ("in: 2021", "2021"),
    ]


def test_two_edges_are_two_ranges() -> None:
    found = date_ranges("after 1 October 2023 and before 5 October 2023", NOW)
    assert [one.label for one in found] == ["after: 1 Oct 2023", "before: 5 Oct 2023"]
    assert found[0].end < found[1].start


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)), st.dates())
def test_every_day_is_understood_on_every_day(day: dt.date, now: dt.date) -> None:
    month = MONTHS[day.month - 1]
    for written in (
        day.isoformat(),
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3]} {day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        (one,) = date_ranges(f"What happened on {written}?", now)
        assert one.since == one.until == day.isoformat()


@given(st.sampled_from(MONTHS), st.integers(1, 31), st.dates(dt.date(1900, 1, 1)))
def test_a_day_without_a_year_is_the_latest_that_is_not_to_come(
    month: str, day: int, now: dt.date
) -> None:
    for one in date_ranges(f"What happened on {day} {month}?", now):
        assert one.since
        found = dt.date.fromisoformat(one.since)
        assert (found.day, MONTHS[found.month - 1]) == (day, month)
        assert now - dt.timedelta(366 * 8) < found <= now


_PIECES = st.sampled_from(
    "after before since until between and from to - – on in of by the or later onwards last past "
    "this two 3 weeks days year Monday May march Oct October 10 31 2023 1999 , ' Q3 today ago "
    "yesterday 2023-02-30 2020s 之后 5月 2023年 octobre 10. 99 half quarter second".split()
)


@given(
    st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=30).map(" ".join)),
    st.dates(),
)
@example("October 2023 or after 5 November 2023", NOW)
@example("last 999 years after yesterday in the past 12 months", dt.date.min)
@example("after this year, after today's news", dt.date.max)
@example("٢٠٢٣-١٠-١٠ and ² ³ ① May ②", NOW)
def test_whatever_is_asked_the_spans_are_in_it_and_in_order(text: str, now: dt.date) -> None:
    found = date_ranges(text, now)
    end = 0
    for one in found:
        assert end <= one.start < one.end <= len(text)
        assert one.since or one.until
        for day in (one.since, one.until):
            assert day is None or dt.date.fromisoformat(day)
        if one.since and one.until:
            assert one.since <= one.until
        end = one.end
    assert date_ranges(text, now) == found


@pytest.mark.parametrize(
    "piece", ["May ", "10 ", "2023-", "last ", "between 5 ", "1 October ", "'"]
)
def test_an_endless_question_is_read_too(piece: str) -> None:
    assert len(date_ranges((piece * 4_000)[:4_000], NOW)) <= 400


@pytest.mark.parametrize(
    ("question", "newest", "since"),
    [
        ("How many settlements did Kyiv claim on 19 August?", "2024-08-31", "2024-08-19"),
        ("And in September?", "2024-08-31", "2024-09-01"),
        ("And in January?", "2024-08-31", "2024-01-01"),
        ("What was said in Q2?", "2024-08-31", "2024-04-01"),
        ("What happened on 19 August 2023?", "2024-08-31", "2023-08-19"),
        ("What happened on 19 August?", "2026-10-01", "2026-08-19"),
        ("What happened on 19 August?", "9999-12-31", "2026-08-19"),
        ("What was published yesterday?", "2024-08-31", "2026-11-26"),
    ],
)
def test_a_day_without_a_year_is_one_that_the_articles_may_tell_of(
    question: str, newest: str, since: str
) -> None:
    now = dt.date(2026, 11, 27)
    (one,) = date_ranges(question, now, dt.date.fromisoformat(newest))
    assert one.since == since
