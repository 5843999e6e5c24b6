"""/channel-counts/: how many reports a channel received in a year. A number, never a case."""

from __future__ import annotations

import pytest

from members.channels.models import ChannelCount
from members.management.loading import NetworkLoad
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_channel, make_channel_count

COUNT = {"year": 2025, "value": 17, "definition": "Reports received.", "source": "https://ligne.example/2025"}


def test_the_published_count_of_the_hotline_is_there_with_its_source(anonymous, at):
    NetworkLoad(at=at).run()

    (row,) = anonymous.get("channel-counts/", country="BE", year=2018).json()["results"]

    assert (row["channel"]["display"], row["value"], row["as_of"]) == ("stopchildporno.be (BE)", 1728, "2018-12-31")
    assert row["definition"] == "Reports received by the hotline in the year about images online"
    assert row["source"].startswith("https://www.knack.be/")


def test_a_representative_records_the_count_of_a_channel_of_its_country(lcr_be, lcr_nl):
    channel = make_channel(country_id="BE")
    body = {**COUNT, "channel": str(channel.pk)}

    foreign, added, again = (client.post("channel-counts/", body) for client in (lcr_nl, lcr_be, lcr_be))

    assert (foreign.status_code, [fault["pointer"] for fault in foreign.json()["errors"]]) == (400, ["/channel"])
    assert (added.status_code, added.json()["value"]) == (201, 17)
    assert (again.status_code, again.json()["code"], ChannelCount.objects.count()) == (409, "count_exists", 1)


def test_a_count_is_put_right_from_what_was_read(secretariat, lcr_nl):
    row = make_channel_count(channel=make_channel(country_id="BE"))
    path = f"channel-counts/{row.pk}/"
    body = {"value": 121, "source": "https://ligne.example/errata"}

    answers = [
        secretariat.patch(path, body),
        lcr_nl.patch(path, body, if_match="*"),
        secretariat.patch(path, body, if_match=secretariat.get(path)["ETag"]),
        secretariat.patch(path, body, if_match='"1-0000000000000000"'),
    ]

    row.refresh_from_db()
    assert [answer.status_code for answer in answers] == [428, 404, 200, 412]
    assert (row.value, row.version) == (121, 2)
    event = AuditEvent.objects.get()
    assert (event.action, event.changes["value"]) == ("channel-counts.update", [120, 121])


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"year": 2026}, "/year", "not_ended"),
        ({"value": -1}, "/value", "min_value"),
        ({"value": None}, "/value", "null"),
        ({"names": "…"}, "/names", "unknown_field"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(secretariat, body, pointer, code):
    response = secretariat.post("channel-counts/", {**COUNT, "channel": str(make_channel().pk), **body})

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (ChannelCount.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", ["public", "member_group", "auditor", "evaluator"])
def test_other_roles_only_read(client_for, role):
    client = client_for(role)
    row = make_channel_count()

    answer = client.post("channel-counts/", {**COUNT, "channel": str(row.channel_id)})

    assert (answer.status_code, ChannelCount.objects.count()) == (401 if role == "public" else 403, 1)
    assert client.get(f"channel-counts/{row.pk}/").json()["value"] == 120
