"""The notice file: everything that a measure rests on, in order, and what each ground still lacks."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.people import make_contact
from tests.factories.standing import make_membership, make_notice

pytestmark = pytest.mark.django_db


def test_the_file_tells_in_order_what_was_sent_and_when_a_measure_would_be_ripe(client_for, lcr_be, lcr_nl):
    membership = make_membership(state="active")
    gone = make_contact(organisation=membership.company.organisation, valid_until=date(2026, 8, 1))
    first = make_notice(membership, sent_on=date(2026, 9, 1))
    lost = make_notice(membership, sent_on=date(2026, 10, 1), contact=gone)
    second = make_notice(membership, sent_on=date(2026, 11, 1), delivered_at=None)
    editor = client_for("company_editor", organisation=membership.company)

    shown = editor.get(f"companies/{membership.company_id}/notice-file/").json()

    assert [piece["what"] for piece in shown["pieces"] if piece["kind"] == "decision"] == [
        "submit",
        "submit_plan",
        "approve",
        "activate",
    ]
    counted = [(p["id"], p["facts"]["counts_from"]) for p in shown["pieces"] if p["kind"] == "notice"]
    assert counted == [(str(first.pk), "2026-09-01"), (str(lost.pk), None), (str(second.pk), "2026-11-06")]
    told = {
        ground["ground"]: (ground["delivered_on"], [lack["code"] for lack in ground["lacks"]], ground["ripe_on"])
        for ground in shown["grounds"]
    }
    days = ["2026-09-01", "2026-11-06"]
    assert told["code_breach"] == (days, ["last_notice_too_recent"], "2026-12-06")
    # What is gone does not ripen by waiting.
    assert told["report_lapsed"] == (days, ["ground_gone", "last_notice_too_recent"], None)
    # Nothing was ever owed: notices alone are no ground.
    assert {ground["ground"]: ground["holds"] for ground in shown["grounds"]} == {
        "fee_overdue": False,
        "report_overdue": False,
        "report_lapsed": False,
        "training": True,
        "plan": True,
        "residential_care": False,
        "code_breach": None,
    }
    assert lcr_be.get(f"companies/{membership.company_id}/notice-file/").json() == shown
    assert lcr_nl.get(f"companies/{membership.company_id}/notice-file/").status_code == 404


def test_a_letter_is_logged_once_and_a_mail_names_its_contact(lcr_be):
    membership = make_membership(state="active")
    letter = {"membership": str(membership.pk), "kind": "warning", "sent_at": "2026-11-20T10:00:00Z"}
    registered = letter | {"channel": "registered_letter", "reference": "RR 1 BE"}

    answers = [lcr_be.post("notices/", registered) for _ in range(2)]
    unnamed = lcr_be.post("notices/", letter | {"channel": "email"})
    early = lcr_be.post(f"notices/{answers[0].json()['id']}/bounce/", {"at": "2026-11-19T10:00:00Z"})

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert [(a.status_code, a.json()["errors"][0]["pointer"]) for a in (unnamed, early)] == [
        (400, "/contact"),
        (400, "/at"),
    ]
    assert membership.notices.count() == 1
