"""What fees rest on over HTTP: the secretariat publishes, representatives read, everybody reads the table."""

from __future__ import annotations

import pytest

from codesign.fees.models import FeeBand
from tests.contract.specimens.fees import BANDS
from tests.factories.fees import load_fee_table

pytestmark = pytest.mark.django_db


def test_a_table_is_published_and_read_on_its_days(secretariat, lcr_be, anonymous):
    load_fee_table()

    answer = secretariat.post("fee-bands/", {"valid_from": "2027-01-01", "bands": BANDS, "source": "Board"})

    assert answer.status_code == 201
    assert [(row["code"], row["revenue_from_eur"], row["annual_fee_eur"]) for row in answer.json()] == [
        ("to_500k", "0.00", "60.00"),
        ("to_2_5m", "500000.00", "320.00"),
        ("to_50m", "2500000.00", "850.00"),
        ("above_50m", "50000000.00", "2100.00"),
    ]
    fees = {
        day: [row["annual_fee_eur"] for row in anonymous.get("fee-bands/", valid_on=day).json()["results"]]
        for day in ("2026-12-31", "2027-01-01")
    }
    assert fees == {
        "2026-12-31": ["50.00", "300.00", "800.00", "2000.00"],
        "2027-01-01": ["60.00", "320.00", "850.00", "2100.00"],
    }
    assert lcr_be.post("fee-bands/", {"valid_from": "2028-01-01", "bands": BANDS}).status_code == 403


def test_a_trial_writes_nothing(secretariat):
    load_fee_table()

    answer = secretariat.post("fee-bands/?dry_run=true", {"valid_from": "2027-01-01", "bands": BANDS})

    assert (answer.status_code, FeeBand.objects.count()) == (201, 4)


def test_terms_and_reductions(secretariat, lcr_be):
    load_fee_table()
    body = {"effective_from": "2027-01-01", "payment_days": 45, "payee": "Fictif", "iban": "BE71096123456769"}

    assert secretariat.post("fee-terms/", body).status_code == 201
    shared = secretariat.post("fee-reductions/", {"code": "pata", "share": "0.5", "valid_from": "2027-01-01"})
    ended = secretariat.post("fee-reductions/end/", {"code": "pata", "last_day": "2027-06-30"})

    (row,) = lcr_be.get("fee-terms/").json()["results"]
    assert {name: row[name] for name in body} == body
    assert (shared.json()["share"], ended.json()["valid_until"]) == ("0.500", "2027-06-30")
