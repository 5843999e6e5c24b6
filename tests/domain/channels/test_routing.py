"""Which channel comes first for a report, and why."""

from __future__ import annotations

from datetime import date

import pytest

from members.channels.models import ReportingChannel
from members.channels.routing import find
from members.channels.rules import SENTENCES, ChannelAbout, ChannelReason, check_due, is_contact
from members.countries.models import Country
from members.management.loading import NetworkLoad
from tests.factories.network import make_channel

pytestmark = pytest.mark.django_db

ROUTER = ("dontlookaway.report", "router")
HELPLINES = [("116 111", "helpline_of_area"), ("116 000", "helpline_of_area")]
POLICE = (None, "immediate_danger")
EMERGENCY = ("112", "immediate_danger")
STOP = "Je dis STOP / Ik zeg stop (BE)"
HOTLINE = "stopchildporno.be (BE)"
ANYWHERE = [("IWF portals", "online_anywhere"), ("INHOPE", "online_anywhere")]


@pytest.mark.parametrize(
    ("event", "residence", "about", "expected"),
    [
        ("TH", "BE", "travel", [POLICE, (STOP, "country_of_residence"), ROUTER]),
        ("TH", None, "travel", [POLICE, ROUTER]),
        ("BE", "BE", "travel", [EMERGENCY, (STOP, "country_of_event"), *HELPLINES, ROUTER]),
        (
            "BE",
            "NL",
            "travel",
            [
                EMERGENCY,
                (STOP, "country_of_event"),
                ("dontlookaway.nl (NL)", "country_of_residence"),
                *HELPLINES,
                ROUTER,
            ],
        ),
        ("CH", None, "travel", [POLICE, ("nicht-wegsehen.ch (CH)", "country_of_event"), ROUTER]),
        ("TH", "BE", "online", [POLICE, (HOTLINE, "country_of_residence"), *ANYWHERE, ROUTER]),
        ("BE", None, "online", [EMERGENCY, (HOTLINE, "country_of_event"), *ANYWHERE, ROUTER]),
    ],
)
def test_choices_come_in_order_with_a_reason(at, day, event, residence, about, expected):
    NetworkLoad(at=at).run()
    countries = Country.objects.in_bulk()

    choices = find(event=countries[event], residence=countries.get(residence), about=ChannelAbout(about), on=day)

    assert [(choice.channel and choice.channel.name, choice.reason.value) for choice in choices] == expected


@pytest.fixture
def at_home() -> ReportingChannel:
    """A line of Belgium that was last checked in May."""
    return make_channel(name="Line", country_id="BE", checked_on=date(2026, 5, 22), check_due_on=date(2026, 11, 22))


def offered(on: date) -> list[tuple[str | None, str, bool]]:
    choices = find(event=Country.objects.get(pk="BE"), residence=None, about=ChannelAbout.TRAVEL, on=on)
    return [(choice.channel and choice.channel.name, choice.reason.value, choice.is_stale) for choice in choices]


def test_a_channel_unchecked_for_six_months_comes_after_the_router(at_home, day):
    make_channel(name="Router", kind="router")

    assert offered(date(2026, 11, 21)) == [
        (*POLICE, False),
        ("Line", "country_of_event", False),
        ("Router", "router", False),
    ]
    assert offered(day) == [(*POLICE, False), ("Router", "router", False), ("Line", "country_of_event", True)]


def test_the_emergency_number_stays_first_however_old_its_check(day):
    make_channel(name="112", kind="emergency", is_eu_wide=True, check_due_on=date(2020, 1, 1))
    make_channel(name="Router", kind="router", check_due_on=date(2020, 1, 1))

    assert offered(day) == [("112", "immediate_danger", True), ("Router", "router", True)]


def test_a_closed_channel_is_offered_to_nobody_and_something_always_is(at_home, day):
    ReportingChannel.objects.update(closed_on=day)

    assert offered(day) == [(*POLICE, False)]


@pytest.mark.parametrize(
    ("checked", "due"),
    [
        (date(2026, 5, 22), date(2026, 11, 22)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
    ],
)
def test_a_check_holds_for_six_months(checked, due):
    assert check_due(checked) == due


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tel:112", True),
        ("tel:+32477000000", True),
        ("https://ligne.example/", True),
        ("tel:112 ext", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("ligne.example", False),
        ("https://ligne.example/ x", False),
    ],
)
def test_a_contact_is_an_address_of_the_web_or_a_number(text, expected):
    assert is_contact(text) is expected


def test_every_reason_is_told_in_five_languages():
    assert {reason: set(texts) for reason, texts in SENTENCES.items()} == {
        reason: {"en", "fr", "nl", "de", "es"} for reason in ChannelReason
    }
