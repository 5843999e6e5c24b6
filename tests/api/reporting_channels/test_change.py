"""POST and PATCH /reporting-channels/: by the secretariat, and by the representative of the country."""

from __future__ import annotations

import pytest

from members.channels.models import ReportingChannel
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_channel

LINE = {
    "name": "Ligne Fictive (DEMO)",
    "kind": "hotline",
    "about": "travel",
    "contact": "https://ligne.example/",
    "country": "BE",
    "languages": ["fr", "nl"],
}


def test_a_representative_adds_a_channel_of_its_country(lcr_be):
    response = lcr_be.post("reporting-channels/", LINE)

    shown = ("name", "kind", "contact", "country", "languages", "checked_on", "is_stale")
    assert response.status_code == 201, response.content
    assert [response.json()[name] for name in shown] == [
        "Ligne Fictive (DEMO)",
        "hotline",
        "https://ligne.example/",
        "BE",
        ["fr", "nl"],
        None,
        False,
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"country": "NL"}, "unknown_reference"),
        ({"country": None}, "country_required"),
        ({"country": None, "is_eu_wide": True}, "country_required"),
    ],
)
def test_a_representative_adds_none_beyond_its_countries(lcr_be, body, code):
    response = lcr_be.post("reporting-channels/", LINE | body)

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [("/country", code)]
    assert (ReportingChannel.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_channel_without_country_is_the_secretariats(secretariat, lcr_be):
    body = {name: value for name, value in LINE.items() if name != "country"}

    refused = lcr_be.post("reporting-channels/", body)
    added = secretariat.post("reporting-channels/", {**body, "is_eu_wide": True})

    assert (refused.status_code, added.status_code, added.json()["country"]) == (400, 201, None)


def test_a_channel_of_another_country_looks_absent(lcr_be, lcr_nl):
    channel = make_channel(country_id="BE")
    path = f"reporting-channels/{channel.pk}/"

    answers = [
        lcr_nl.patch(path, {"covers": "x"}).status_code,
        lcr_nl.post(f"{path}check/", {}).status_code,
        lcr_nl.post(f"{path}close/", {"closed_on": "2026-12-31"}).status_code,
    ]

    assert answers == [404, 404, 404]
    assert AuditEvent.objects.count() == 0
    assert lcr_be.patch(path, {"covers": "Belgium"}).json()["covers"] == "Belgium"


def test_a_representative_keeps_a_channel_in_its_country(lcr_be):
    channel = make_channel(country_id="BE")

    answers = [
        lcr_be.patch(f"reporting-channels/{channel.pk}/", body).status_code
        for body in ({"country": "NL"}, {"country": None}, {"is_eu_wide": True})
    ]

    channel.refresh_from_db()
    assert (answers, channel.country_id, channel.version) == ([400, 400, 400], "BE", 1)


def test_a_check_counts_for_six_months(secretariat):
    channel = make_channel(checked_on=None, check_due_on="2026-05-01")
    path = f"reporting-channels/{channel.pk}/"
    assert secretariat.get(path).json()["is_stale"] is True

    response = secretariat.post(f"{path}check/", {})

    assert (response.json()["checked_on"], response.json()["is_stale"]) == ("2026-11-22", False)
    assert [secretariat.get(path, valid_on=day).json()["is_stale"] for day in ("2027-05-21", "2027-05-22")] == [
        False,
        True,
    ]
    assert [row["id"] for row in secretariat.get("reporting-channels/", is_stale="true").json()["results"]] == []


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-23", "in_future"), ("2026-10-31", "before_last_check"), ("soon", "invalid")]
)
def test_a_check_lies_behind_and_after_the_one_before(secretariat, day, code):
    channel = make_channel()

    response = secretariat.post(f"reporting-channels/{channel.pk}/check/", {"checked_on": day})

    assert (response.status_code, [fault["code"] for fault in response.json()["errors"]]) == (400, [code])
    channel.refresh_from_db()
    assert (channel.version, AuditEvent.objects.count()) == (1, 0)


def test_a_closed_channel_leaves_the_list_and_is_checked_no_more(secretariat, anonymous):
    channel = make_channel(country_id="BE")
    path = f"reporting-channels/{channel.pk}/"

    closed = secretariat.post(f"{path}close/", {"closed_on": "2026-11-22"})
    refused = secretariat.post(f"{path}check/", {})

    assert (closed.json()["closed_on"], refused.status_code, refused.json()["code"]) == (
        "2026-11-22",
        409,
        "channel_closed",
    )
    assert [
        len(anonymous.get("reporting-channels/", **on).json()["results"]) for on in ({}, {"valid_on": "2026-11-21"})
    ] == [
        0,
        1,
    ]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"contact": "javascript:alert(1)"}, "/contact", "invalid_contact"),
        ({"is_eu_wide": True}, "/country", "country_and_union"),
        ({"country": "ZZ"}, "/country", "unknown_reference"),
        ({"languages": ["french please"]}, "/languages/0", "invalid"),
        ({"kind": "friend"}, "/kind", "invalid_choice"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(secretariat, body, pointer, code):
    response = secretariat.post("reporting-channels/", LINE | body)

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (ReportingChannel.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_two_channels_never_share_a_name(secretariat):
    make_channel(name=LINE["name"])
    other = make_channel()

    answers = [
        secretariat.post("reporting-channels/", LINE),
        secretariat.patch(f"reporting-channels/{other.pk}/", {"name": LINE["name"]}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "channel_exists")] * 2


@pytest.mark.parametrize("role", ["public", "member_group", "stop_partner", "auditor", "company_editor"])
def test_other_roles_are_refused(client_for, role):
    response = client_for(role).post("reporting-channels/", LINE)

    assert (response.status_code, ReportingChannel.objects.count()) == (401 if role == "public" else 403, 0)
