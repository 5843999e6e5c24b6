"""A representative's year at a glance."""

from __future__ import annotations

import csv
import io

import pytest

from codesign.reminders.models import Occurrence
from codesign.reporting import actions
from registry.kernel.audit.actor import SYSTEM
from tests.factories.reminders import make_contact
from tests.factories.reporting import OPENED_AT, make_complete_report, make_member, make_submitted_group, make_year

pytestmark = pytest.mark.django_db


def owed(client, **filters) -> dict:
    rows = client.get("report-obligations/", **filters).json()["results"]
    return {row["company"]["id"]: row for row in rows}


def test_the_year_at_a_glance(lcr_be, lcr_nl, secretariat):
    silent, drafting, dutch = make_member(), make_member(), make_member(country="NL", zone="Europe/Amsterdam")
    make_year(2025)
    make_complete_report(membership=drafting)
    done = make_complete_report(membership=make_member())
    actions.open_obligations(reporting_year=done.reporting_year, at=OPENED_AT)
    actions.submit(report_id=done.pk, expected_version=None, actor=SYSTEM, at=OPENED_AT)

    rows = owed(lcr_be)

    shown = ("state", "completeness_share", "days_late", "lateness")
    assert {key: tuple(row[name] for name in shown) for key, row in rows.items()} == {
        str(silent.company_id): (None, None, 236, "lapsed"),
        str(drafting.company_id): ("draft", "1.00", 236, "lapsed"),
        str(done.company_id): ("submitted", "1.00", 0, "on_time"),
    }
    assert owed(lcr_nl).keys() == {str(dutch.company_id)}
    assert owed(lcr_be, begun="false").keys() == {str(silent.company_id)}
    assert owed(lcr_be, late="true").keys() == {str(silent.company_id), str(drafting.company_id)}
    assert owed(lcr_be, state="submitted").keys() == {str(done.company_id)}
    assert owed(lcr_be, valid_on="2026-03-31", late="true") == {}
    assert owed(secretariat, year=2024) == {}


def test_the_year_as_a_file(lcr_be):
    report = make_submitted_group("BE", "NL", sites=2)

    response = lcr_be.get("report-obligations/export/", format="csv")

    (row,) = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode()))
    assert (row["company_id"], row["state"], row["sites_in_scope"], row["sites_submitted"]) == (
        str(report.company_id),
        "submitted",
        "4",
        "4",
    )
    assert lcr_be.get("report-obligations/export/", format="xlsx").status_code == 200


def test_many_are_nudged_with_a_result_for_each(lcr_be, lcr_nl, auditor):
    known, unknown = make_member(), make_member()
    make_member(country="NL", zone="Europe/Amsterdam")
    make_year(2025)
    make_contact(organisation_id=known.company_id, role="reporting_officer")
    keys = {row["company"]["id"]: row["id"] for row in lcr_be.get("report-obligations/").json()["results"]}
    foreign = lcr_nl.get("report-obligations/").json()["results"][0]["id"]
    body = [{"obligation": keys[str(known.company_id)]}, {"obligation": keys[str(unknown.company_id)]}]
    body += [{"obligation": foreign}, {"obligation": "x"}]

    first, again = (lcr_be.post("report-obligations/nudge/", body).json() for _ in range(2))

    assert [(row["index"], row["is_planned"], row["code"]) for row in first] == [
        (0, True, ""),
        (1, False, "nobody_to_write_to"),
        (2, False, "not_seen"),
        (3, False, "invalid"),
    ]
    assert again[0]["code"] == "nudged_today"
    assert Occurrence.objects.filter(membership=known).count() == 1
    assert auditor.post("report-obligations/nudge/", body).status_code == 403
