"""Languages, partial dates and days of the year."""

from __future__ import annotations

from datetime import date

import pytest

from members.initiatives.rules import Span, language_tag, month_day, span


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("fr", "fr"),
        ("pcm", "pcm"),
        ("ps", "ps"),
        ("fa", "fa"),
        ("PT-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("quz", "quz"),
    ],
)
def test_a_language_is_written_as_the_registry_writes_it(given, tag):
    assert language_tag(given) == tag


@pytest.mark.parametrize("text", ["", "xx", "und", "french", "fr-", "en-YY", "fr FR", "f", "x" * 50, "fr\0"])
def test_what_names_no_language_is_refused(text):
    with pytest.raises(ValueError):
        language_tag(text)


@pytest.mark.parametrize(
    ("since", "until", "earliest", "latest"),
    [
        ("", "", None, None),
        ("2012", "2015", date(2012, 1, 1), date(2015, 12, 31)),
        ("2018-06", "", date(2018, 6, 1), date(2018, 6, 30)),
        ("", "2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
        ("2015", "2015-03", date(2015, 1, 1), date(2015, 3, 31)),
    ],
)
def test_partial_dates_bound_what_is_known(since, until, earliest, latest):
    assert span(since, until) == Span(earliest, latest)


@pytest.mark.parametrize(
    ("since", "until"), [("2016", "2015"), ("2015-05", "2015-04-30"), ("spring", ""), ("", "2015-13")]
)
def test_dates_out_of_order_or_none_at_all_are_refused(since, until):
    with pytest.raises(ValueError):
        span(since, until)


@pytest.mark.parametrize(
    ("text", "is_day"), [("07-30", True), ("02-29", True), ("02-30", False), ("7-30", False), ("", False)]
)
def test_a_day_of_every_year(text, is_day):
    if is_day:
        assert month_day(text) == text
    else:
        with pytest.raises(ValueError):
            month_day(text)
