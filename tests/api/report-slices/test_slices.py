"""Slices over HTTP: each representative reads and decides on its own country's part."""

from __future__ import annotations

import pytest

from codesign.reporting.models import Report, ReportSlice
from tests.factories.reporting import answer_site, make_submitted_group, returns_of

pytestmark = pytest.mark.django_db


def slice_of(report: Report, country: str) -> str:
    return f"report-slices/{ReportSlice.objects.get(report=report, country=country).pk}/"


def tag(client, path: str) -> str:
    return client.get(path)["ETag"]


def test_a_representative_reads_its_slice_and_no_other(lcr_be, lcr_nl, client_for):
    report = make_submitted_group("BE", "NL", sites=2)
    company = client_for("company_viewer", organisation=report.company_id)

    row = lcr_nl.get("report-slices/").json()["results"]
    assert [(one["country"], one["sites_in_scope"], one["sites_submitted"], one["is_lead"]) for one in row] == [
        ("NL", 2, 2, False)
    ]
    assert lcr_nl.get(slice_of(report, "BE")).status_code == 404
    assert len(lcr_be.get("report-slices/").json()["results"]) == 2  # it leads
    content = lcr_nl.get(f"{slice_of(report, 'NL')}content/").json()
    assert [(site["name"], site["answers"]) for site in content["sites"]] == [
        ("NL 0", {"staff_total": 10, "staff_trained": 7}),
        ("NL 1", {"staff_total": 10}),
    ]
    trained = next(row for row in content["totals"] if row["question"] == "staff_trained")
    assert (trained["value"], trained["response_share"], trained["base"], trained["share"]) == (
        "7",
        "0.50",
        "10",
        "0.70",
    )
    # Neither what was passed on nor anything else that only the company answers.
    assert content["company_answers"].keys() == {
        "has_policy", "has_procedure", "has_focal_point", "trains_newcomers", "shows_channel",
    }  # fmt: skip
    assert lcr_nl.get(f"reports/{report.pk}/").status_code == 404
    assert company.get(f"{slice_of(report, 'NL')}content/").json() == content


def test_a_slice_is_returned_put_right_and_accepted(lcr_be, lcr_nl, client_for):
    report = make_submitted_group("BE", "NL", sites=2)
    dutch, belgian, path = slice_of(report, "NL"), slice_of(report, "BE"), f"reports/{report.pk}/"
    company = client_for("company_editor", organisation=report.company_id)
    sites = returns_of(report)
    body = {"comments": {"staff_trained": "And the night shift?"}, "sites": [str(sites["NL 1"].site_id)]}

    returned = lcr_nl.post(f"{dutch}return/", body, if_match=tag(lcr_nl, dutch))
    assert (returned.status_code, returned.json()["state"]) == (200, "returned")
    assert lcr_be.post(f"{belgian}accept/", if_match=tag(lcr_be, belgian)).status_code == 200
    states = {row["site"]["display"]: row["state"] for row in company.get("site-returns/").json()["results"]}
    assert states == {"BE 0": "submitted", "BE 1": "submitted", "NL 0": "submitted", "NL 1": "returned"}
    answer_site(sites["NL 1"], staff_trained=3)
    assert lcr_nl.post(f"{dutch}accept/", if_match=tag(lcr_nl, dutch)).status_code == 409
    assert company.post(f"{path}submit/", if_match=tag(company, path)).json()["state"] == "submitted"
    assert lcr_nl.post(f"{dutch}accept/", if_match=tag(lcr_nl, dutch)).json()["state"] == "accepted"

    assert company.get(path).json()["state"] == "accepted"
    assert lcr_be.post(f"{path}publish/", if_match=tag(lcr_be, path)).json()["state"] == "published"
    changes = company.get(f"{path}diff/", before=1, after=2).json()["changes"]
    assert changes == [{"question": "staff_trained", "site": str(sites["NL 1"].site_id), "before": None, "after": 3}]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"comments": {"ghost": "What?"}}, "/comments/ghost"),
        ({"comments": {}}, "/comments"),
        ({"comments": {"staff_total": "Ask jan@hotel.example"}}, "/comments/staff_total"),
        ({"comments": {"staff_total": "All?"}, "sites": ["01900000-0000-7000-8000-00000000dead"]}, "/sites"),
    ],
)
def test_a_return_says_what_is_wrong_of_its_own_sites_alone(lcr_nl, body, pointer):
    report = make_submitted_group("BE", "NL")
    path = slice_of(report, "NL")

    response = lcr_nl.post(f"{path}return/", body, if_match=tag(lcr_nl, path))

    assert (response.status_code, [fault["pointer"] for fault in response.json()["errors"]]) == (400, [pointer])
    assert set(ReportSlice.objects.values_list("state", flat=True)) == {"submitted"}
    assert returns_of(report)["NL 0"].state == "submitted"
