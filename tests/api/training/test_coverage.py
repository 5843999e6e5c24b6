"""GET /training/coverage/."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.training import complete, load_default_requirements, make_course, make_staff, make_workplace


@pytest.fixture
def site(db):
    """Eight people: five valid, one lapsed, one never trained, one in grace; a head count of ten."""
    load_default_requirements()
    site, course = make_workplace(name="North", heads=10), make_course()
    for _ in range(5):
        complete(make_staff(site), course, date(2026, 5, 4))
    complete(make_staff(site), course, date(2025, 5, 4))
    make_staff(site)
    make_staff(site, hired_on=date(2026, 11, 1))
    return site


def test_the_number_opens_into_exactly_its_rows(client_for, site):
    client = client_for("company_viewer", organisation=site.company_id)

    answer = client.get("training/coverage/", company=site.company_id, by="site", valid_on="2026-11-22").json()

    total, (group,) = answer["total"], answer["groups"]
    assert (answer["valid_on"], answer["target_share"]) == ("2026-11-22", "0.80")
    assert (total["value"], total["is_below_target"], total["in_grace_share"]) == ("0.55", True, "0.12")
    names = ("in_scope", "in_grace", "lapsed", "never_trained", "unknown")
    assert [total[name] for name in names] == [8, 1, 1, 1, 2]
    assert (total["numerator"]["value"], total["denominator"]["value"]) == (5, 9)
    assert (group["group"], group["display"], group["value"]) == (str(site.pk), "North", "0.55")
    for figure in (total, group):
        for name, rows in (("numerator", 5), ("denominator", 7)):  # the two unknown have no row
            assert client.get(figure[name]["rows"] + "&count=exact").json()["count"] == rows


def test_any_past_day_is_exact(client_for, site):
    client = client_for("company_viewer", organisation=site.company_id)

    totals = [client.get("training/coverage/", valid_on=day).json()["total"] for day in ("2026-05-03", "2026-05-04")]

    assert [(t["numerator"]["value"], t["lapsed"], t["never_trained"]) for t in totals] == [(1, 0, 6), (6, 0, 1)]


def test_a_representative_opens_it_into_masked_rows(lcr_be, lcr_nl, site):
    answer = lcr_be.get("training/coverage/", company=site.company_id).json()["total"]

    rows = lcr_be.get(answer["numerator"]["rows"]).json()["results"]
    assert (answer["value"], [row["reference"] for row in rows]) == ("0.55", [None] * 5)
    assert lcr_nl.get("training/coverage/").json()["total"]["suppressed"] is True


def test_readers_of_totals_get_no_rows_and_no_small_cells(evaluator, site):
    total = evaluator.get("training/coverage/").json()["total"]

    assert (total["suppressed"], total["value"], total["in_scope"], total["numerator"]) == (
        True,
        None,
        None,
        {"value": None, "rows": None},
    )


@pytest.mark.parametrize(
    ("params", "pointer", "code"),
    [
        ({"by": "name"}, "?by", "invalid_choice"),
        ({"company": "0191d0c6-6f5e-7c3c-9d59-0d6b2f4c1a11"}, "?company", "unknown_reference"),
        ({"valid_on": "2026-02-30"}, "?valid_on", "invalid"),
        ({"sites": "x"}, "?sites", "unknown_parameter"),
    ],
)
def test_bad_parameters_are_named(client_for, site, params, pointer, code):
    response = client_for("company_viewer", organisation=site.company_id).get("training/coverage/", **params)

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]


def test_the_public_and_auditors_count_nothing(anonymous, auditor, site):
    assert [c.get("training/coverage/").status_code for c in (anonymous, auditor)] == [401, 403]


def test_every_count_of_a_company_opens_into_its_people(client_for, lcr_be, site):
    make_staff(make_workplace(site.company, name="Small"))
    client = client_for("company_viewer", organisation=site.company_id)

    (group,) = client.get("training/coverage/", by="company", valid_on="2026-11-22").json()["groups"]

    counts = {"valid": group["numerator"]["value"]} | {name: group[name] for name in group["rows"] if name in group}
    assert counts == {"in_scope": 9, "in_grace": 1, "valid": 5, "lapsed": 1, "never_trained": 2}
    for name, value in counts.items():
        assert client.get(group["rows"][name] + "&count=exact").json()["count"] == value
    assert lcr_be.get("training/coverage/", by="company").status_code == 400
    assert lcr_be.get("training/coverage/", by="company", country="BE").status_code == 200


def test_people_of_no_known_role_open_into_no_list(client_for, site):
    groups = (
        client_for("company_viewer", organisation=site.company_id).get("training/coverage/", by="role").json()["groups"]
    )

    assert [(group["group"], group["unknown"], group["rows"]["valid"] is None) for group in groups] == [
        ("front_desk", None, False),
        (None, 2, True),
    ]
