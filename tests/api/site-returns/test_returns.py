"""Returns of sites over HTTP: by their editor, over a link, by the company's system."""

from __future__ import annotations

import pytest

from codesign.reporting import actions
from codesign.reporting.models import SiteAnswer, SiteReturn
from registry.kernel.audit.actor import SYSTEM
from tests.api_client import ApiClient
from tests.factories.reporting import OPENED_AT, make_group, make_submitted_group, returns_of

pytestmark = pytest.mark.django_db
EVERYWHERE = ("", "reports/", "companies/", "sites/", "staff/", "plan-actions/", "me/")


def place(row: SiteReturn, section: str = "criterion-2") -> str:
    return f"site-returns/{row.pk}/sections/{section}/"


def save(client: ApiClient, row: SiteReturn, section: str = "criterion-2", **answers):
    tag = client.get(place(row, section))["ETag"]
    return client.patch(place(row, section), {"answers": answers}, if_match=tag)


def ids(client: ApiClient, **filters) -> set[str]:
    return {row["id"] for row in client.get("site-returns/", **filters).json()["results"]}


def test_a_site_is_asked_what_sites_answer_with_the_companys_answer_beside(client_for, secretariat):
    report = make_group("BE", "NL")
    row = returns_of(report)["BE 0"]
    editor = client_for("site_editor", organisation=report.company_id, site=row.site_id)
    actions.answer_section(
        report_id=report.pk,
        section="criterion-1",
        answers={"has_procedure": True},
        expected_version=None,
        actor=SYSTEM,
        at=OPENED_AT,
    )

    body = editor.get(place(row, "criterion-1")).json()

    shown = {question["code"]: (question["value"], question["company_value"]) for question in body["questions"]}
    assert shown == {"has_policy": (None, None), "has_procedure": (None, True), "has_focal_point": (None, None)}
    assert save(editor, row, "criterion-1", has_procedure=False).status_code == 200
    assert editor.get(place(row, "criterion-3")).status_code == 404
    assert editor.get(place(row, "passed-on")).status_code == 404


def test_each_reads_its_own_returns(client_for, lcr_be, lcr_nl, secretariat, auditor):
    report, other = make_group("BE", "NL"), make_group("BE", "NL")
    rows = returns_of(report)
    site_editor = client_for("site_editor", organisation=report.company_id, site=rows["NL 0"].site_id)
    company = client_for("company_viewer", organisation=report.company_id)
    own = {str(row.pk) for row in rows.values()}

    assert ids(site_editor) == {str(rows["NL 0"].pk)}
    assert ids(company) == own
    assert ids(secretariat) == ids(lcr_be) == own | {str(row.pk) for row in returns_of(other).values()}
    # A slice is read once it was handed in.
    assert ids(lcr_nl) == set()
    handed_in = returns_of(make_submitted_group("BE", "NL"))
    assert ids(lcr_nl) == {str(handed_in["NL 0"].pk)}
    assert auditor.get("site-returns/").status_code == 403
    assert site_editor.get(f"site-returns/{rows['BE 0'].pk}/").status_code == 404
    assert ids(company, country="BE") == {str(rows["BE 0"].pk)}


def test_a_link_opens_one_return_and_nothing_else(client_for, anonymous):
    report = make_group("BE", "NL", sites=2)
    rows = returns_of(report)
    row, sibling = rows["BE 0"], rows["BE 1"]
    company = client_for("company_editor", organisation=report.company_id)

    made = company.post(f"site-returns/{row.pk}/links/", {"holder": "front office", "days": 30}, key="one")
    link = ApiClient(made.json()["token"])

    assert (made.status_code, made.json()["holder"]) == (201, "front office")
    assert "token" not in company.get(f"site-returns/{row.pk}/links/").json()[0]
    # The answer holds a secret: it is kept nowhere, so a retry is told so.
    again = company.post(f"site-returns/{row.pk}/links/", {"holder": "front office", "days": 30}, key="one")
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept")
    assert ids(link) == {str(row.pk)}
    assert save(link, row, staff_total=12).status_code == 200
    submitted = link.post(f"site-returns/{row.pk}/submit/", if_match=link.get(f"site-returns/{row.pk}/")["ETag"])
    assert (submitted.status_code, submitted.json()["state"]) == (200, "submitted")
    assert link.get(place(sibling)).status_code == 404
    assert [link.get(path).status_code for path in EVERYWHERE[1:-1]] == [403] * 5
    assert link.post(f"site-returns/{row.pk}/links/", {"holder": "x", "days": 1}).status_code == 403
    assert SiteAnswer.objects.get().answered_by_label.startswith("site_editor (Hotel Fictif")

    revoked = company.post(f"site-returns/{row.pk}/links/{made.json()['id']}/revoke/")
    assert (revoked.status_code, revoked.json()["revoked_at"] is None) == (200, False)
    assert (link.get("site-returns/").status_code, link.get("site-returns/").json()["code"]) == (401, "token_revoked")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"holder": "Mrs Janssens", "days": 30}, "/holder"),
        ({"holder": "jan@hotel.example", "days": 30}, "/holder"),
        ({"holder": "front office", "days": 0}, "/days"),
        ({"holder": "front office", "days": 121}, "/days"),
    ],
)
def test_a_link_is_held_by_a_function_for_a_time(secretariat, body, pointer):
    row = returns_of(make_group("BE", "NL"))["BE 0"]

    response = secretariat.post(f"site-returns/{row.pk}/links/", body)

    assert (response.status_code, [fault["pointer"] for fault in response.json()["errors"]]) == (400, [pointer])
    assert row.links.count() == 0


def test_two_at_one_site_never_lose_text(client_for):
    report = make_group("BE", "NL")
    row = returns_of(report)["BE 0"]
    one = client_for("site_editor", organisation=report.company_id, site=row.site_id)
    other = client_for("company_editor", organisation=report.company_id)
    tag = one.get(place(row))["ETag"]

    first = one.patch(place(row), {"answers": {"staff_total": 12}}, if_match=tag)
    second = other.patch(place(row), {"answers": {"staff_total": 9}}, if_match=tag)

    assert (first.status_code, second.status_code) == (200, 412)
    details = second.json()["details"]
    assert (details["answers"]["staff_total"], details["yours"]) == (12, {"staff_total": 9})
    assert (SiteAnswer.objects.get().value, second["ETag"]) == (12, first["ETag"])


def test_the_same_push_twice_changes_nothing(client_for):
    report = make_group("BE", "NL")
    sites = {name: str(row.site_id) for name, row in returns_of(report).items()}
    system = client_for("company_system", organisation=report.company_id, scopes=["reports:read", "reports:write"])
    path = f"reports/{report.pk}/sections/criterion-2/"
    body = {"answers": {"staff_total": {sites["BE 0"]: 10, sites["NL 0"]: 20}}}
    tag = system.get(path)["ETag"]

    first = system.patch(path, body, if_match=tag, key="push-1")
    assert first.status_code == 200, first.content
    retried = system.patch(path, body, if_match=tag, key="push-1")
    again = system.patch(path, body, if_match=first["ETag"], key="push-2")

    assert (first.content, first["ETag"]) == (retried.content, retried["ETag"])
    assert (again.status_code, again["ETag"]) == (200, first["ETag"])
    totals = system.get(f"reports/{report.pk}/totals/").json()
    assert totals[0] == {
        "question": "has_policy",
        "value": None,
        "sites_in_scope": 2,
        "sites_answering": 0,
        "response_share": "0.00",
        "base": None,
        "share": None,
        "by_country": totals[0]["by_country"],
    }
    staff = next(row for row in totals if row["question"] == "staff_total")
    assert (staff["value"], staff["response_share"]) == ("30", "1.00")
    assert [(row["country"], row["value"]) for row in staff["by_country"]] == [("BE", "10"), ("NL", "20")]


def test_a_contradiction_is_not_handed_in_and_what_was_can_be_given_back(client_for):
    report = make_group("BE", "NL")
    row = returns_of(report)["BE 0"]
    editor = client_for("site_editor", organisation=report.company_id, site=row.site_id)
    company = client_for("company_editor", organisation=report.company_id)
    path = f"site-returns/{row.pk}/"
    save(editor, row, staff_total=5, staff_trained=6)

    refused = editor.post(f"{path}submit/", if_match=editor.get(path)["ETag"])
    assert [fault["code"] for fault in refused.json()["errors"]] == ["above_other_answer"]
    save(editor, row, staff_trained=5)
    editor.post(f"{path}submit/", if_match=editor.get(path)["ETag"])
    late = save(editor, row, staff_trained=4)
    assert (late.status_code, late.json()["details"]["reason"]) == (409, "return_handed_in")

    comments = {"staff_total": "With the seasonal staff?"}
    given_back = company.post(f"{path}reopen/", {"comments": comments}, if_match=company.get(path)["ETag"])
    assert (given_back.json()["state"], given_back.json()["comments"]) == ("returned", comments)
    assert save(editor, row, staff_trained=4).status_code == 200


def test_the_check_says_which_sites_are_silent_and_who_holds_them(secretariat):
    report = make_group("BE", "NL")
    rows = returns_of(report)
    secretariat.post(f"site-returns/{rows['NL 0'].pk}/links/", {"holder": "front office", "days": 30})
    secretariat.post(
        f"site-returns/{rows['BE 0'].pk}/submit/",
        if_match=secretariat.get(f"site-returns/{rows['BE 0'].pk}/")["ETag"],
    )

    body = secretariat.get(f"reports/{report.pk}/check/").json()

    assert [(site["name"], site["state"], site["holders"]) for site in body["silent_sites"]] == [
        ("NL 0", "open", ["front office"])
    ]
    # Neither what sites answer nor what the register counts of them is missing.
    counted = {"staff_total", "travellers_informed", "sites_in_scope", "sites_answering"}
    assert {finding["question"] for finding in body["findings"]}.isdisjoint(counted)
    assert len(body["totals"]) == 9
