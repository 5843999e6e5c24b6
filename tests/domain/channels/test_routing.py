"""Which channel comes first for a report, and why."""

from __future__ import annotations

import pytest

from members.channels.routing import find
from members.channels.rules import SENTENCES, ChannelAbout, ChannelReason
from members.countries.models import Country
from members.management.loading import NetworkLoad

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
def test_choices_come_in_order_with_a_reason(at, event, residence, about, expected):
    NetworkLoad(at=at).run()
    countries = Country.objects.in_bulk()

    choices = find(event=countries[event], residence=countries.get(residence), about=ChannelAbout(about))

    assert [(choice.channel and choice.channel.name, choice.reason.value) for choice in choices] == expected


def test_every_reason_is_told_in_five_languages():
    assert {reason: set(texts) for reason, texts in SENTENCES.items()} == {
        reason: {"en", "fr", "nl", "de", "es"} for reason in ChannelReason
    }
