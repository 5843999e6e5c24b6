"""A file of staff over HTTP: sent, planned, confirmed, taken back; and who sees what of it."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from codesign.rosters.models import Roster, RosterRow
from codesign.training.models import Completion, StaffMember
from registry.kernel.audit.models import AuditEvent
from tests.api.rosters.conftest import downloaded
from tests.factories import rosters, training
from tests.factories.imports import xlsx_of

pytestmark = pytest.mark.django_db
ROWS = (
    ["E1", "Hotel Fictif Royal", "front_desk", "2024-01-01"],
    ["E2", "Hotel Fictif Royal", "housekeeping", "2025-01-01"],
    ["Invented Person", "Hotel Fictif Royal", "security", "2025-01-01"],
)
FILE = rosters.csv_of(*ROWS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("staff.csv", FILE),
        ("staff.xlsx", xlsx_of(list(rosters.HEADER), *[list(row) for row in ROWS])),
        (
            "staff.jsonl",
            b'{"reference":"E1","site":"Hotel Fictif Royal","role":"front_desk","hired_on":"2024-01-01"}\n'
            b'{"reference":"E2","site":"Hotel Fictif Royal","role":"housekeeping","hired_on":"2025-01-01"}\n\n'
            b'{"role":"security","reference":"Invented Person","site":"Hotel Fictif Royal","hired_on":"2025-01-01"}\n',
        ),
    ],
)
def test_a_file_is_planned_confirmed_and_taken_back(editor, send, site, name: str, content: bytes):
    sent = send(content, name=name)
    assert (sent.status_code, sent.json()["state"], sent.json()["file_name"]) == (202, "validating", name)
    assert sent["Location"] == f"/api/v1/rosters/{sent.json()['id']}/"
    assert sent.json()["progress"] == {
        "step": "read",
        "done": 0,
        "total": None if name.endswith("xlsx") else 3,
        "rows_per_second": None,
        "seconds_left": None,
    }  # fmt: skip

    rosters.work()

    planned = editor.get(sent["Location"]).json()
    labels = dict.fromkeys(("create", "update", "unchanged", "end", "further", "conflict", "error"), 0)
    assert (planned["state"], planned["progress"]) == ("planned", None)
    assert planned["counts"] == {**labels, "create": 2, "error": 1, "completions": 0}
    (plan,) = [row for row in editor.get(f"{sent['Location']}plan/").json()["sites"] if row["id"]]
    assert (plan["name"], plan["create"], plan["staff"]) == ("Hotel Fictif Royal", 2, 0)
    (bad,) = editor.get(f"{sent['Location']}errors/").json()["results"]
    assert bad["errors"] == [
        {
            "column": "reference",
            "code": "looks_like_name",
            "message": "This looks like a name: a reference has a digit and no two words. Send a number or code.",
        }
    ]
    assert StaffMember.objects.count() == 0

    assert editor.post(f"{sent['Location']}confirm/").json()["state"] == "confirmed"
    rosters.work()

    done = editor.get(sent["Location"]).json()
    assert (done["state"], done["applied"]) == ("done", {"created": 2})
    listed = editor.get("staff/", fields="reference,role,status").json()["results"]
    assert {row["reference"]: (row["role"], row["status"]) for row in listed} == {
        "E1": ("front_desk", "never_trained"),
        "E2": ("housekeeping", "never_trained"),
    }

    assert editor.post(f"{sent['Location']}undo/").json()["state"] == "undoing"
    rosters.work()

    assert editor.get(sent["Location"]).json()["undone"] == {"created": 2}
    assert (editor.get("staff/").json()["results"], StaffMember.objects.count()) == ([], 0)


@pytest.mark.parametrize("wanted", ["csv", "jsonl", "xlsx"])
def test_the_bad_rows_alone_can_be_put_right_and_sent_again(editor, send, site, wanted: str):
    more = rosters.csv_of(*ROWS, ["E4", "=A1", "security", "2025-01-01"], ["E5", "Nowhere", "security", ""])
    path = send(more).json()["id"]
    rosters.work()

    file = editor.get(f"rosters/{path}/fix-file/", format=wanted)
    content = downloaded(file)
    if wanted == "csv":
        told = [
            "reference: looks_like_name. "
            "This looks like a name: a reference has a digit and no two words. Send a number or code.",
            "site: formula. The cell holds a formula; put its value in its place.",
            "site: unknown_site. There is no site of this name or id for you in this company or group.",
        ]
        lines = list(csv.reader(StringIO(content.decode())))
        assert lines[0] == [*rosters.HEADER, "roster_row", "roster_errors"]
        assert lines[1:] == [
            ["Invented Person", "Hotel Fictif Royal", "security", "2025-01-01", "4", told[0]],
            ["E4", "", "security", "2025-01-01", "5", told[1]],
            ["E5", "Nowhere", "security", "", "6", told[2]],
        ]

    again = send(content.replace(b"Invented Person", b"E3"), name=f"fixed.{wanted}").json()["id"]
    rosters.work()
    expected = {"E3", "E4", "E5"} if wanted != "xlsx" else {"", "E4", "E5"}
    assert set(RosterRow.objects.filter(roster=again).values_list("reference", flat=True)) == expected


def test_a_file_that_was_refused_as_a_whole_has_no_bad_rows_alone(editor, send, site):
    """Nothing of it was read: there is the file itself to put right."""
    path = send(b"Personalnummer;Hotel\nE1;Hotel Fictif Royal\n").json()["id"]

    early = editor.get(f"rosters/{path}/fix-file/")
    rosters.work()
    late = editor.get(f"rosters/{path}/fix-file/")

    assert [(answer.status_code, answer.json()["code"]) for answer in (early, late)] == [(409, "unread")] * 2
    known = "reference, site, role, employment, language, hired_on, left_on, since, course, completed_on"
    assert editor.get(f"rosters/{path}/").json()["failure"] == {
        "code": "unknown_column",
        "message": f"Row 1 names the columns; its cell 1 is none of {known}. Rename it or take the column out.",
    }


@pytest.mark.parametrize("told", ["31/03/2026", "31.3.2026", "2026-3-31", "46112", "2026-02-30", "2026-03-31T09:30:00"])
def test_a_day_in_another_form_is_told_which_form_is_meant(editor, send, site, told: str):
    path = send(rosters.csv_of(["E1", "Hotel Fictif Royal", "security", told])).json()["id"]
    rosters.work()

    (bad,) = editor.get(f"rosters/{path}/errors/").json()["results"]
    assert (bad["number"], bad["errors"]) == (
        2,
        [
            {
                "column": "hired_on",
                "code": "invalid_date",
                "message": "A day is written YYYY-MM-DD, the year first, such as 2026-03-31, and must exist.",
            }
        ],
    )


def test_rows_come_by_pages_and_by_label(editor, send, site):
    path = send(rosters.csv_of(*[[f"E{n}", "Hotel Fictif Royal", "sales", "2024-01-01"] for n in range(5)])).json()[
        "id"
    ]
    rosters.work()

    first = editor.get(f"rosters/{path}/rows/", page_size=3).json()
    second = editor.get(first["next"]).json()

    references = [row["reference"] for page in (first, second) for row in page["results"]]
    assert (references, second["next"]) == (["E0", "E1", "E2", "E3", "E4"], None)
    assert editor.get(f"rosters/{path}/rows/", label="update").json()["results"] == []
    assert editor.get(f"rosters/{path}/rows/", after="x").json()["code"] == "invalid"


def test_from_outside_only_counts_are_seen(editor, send, site, lcr_be, secretariat, client_for):
    path = send(FILE).json()["id"]
    rosters.work()
    other = client_for("company_editor", organisation=training.make_hotel_company().organisation)

    for outsider in (lcr_be, secretariat):
        seen = outsider.get(f"rosters/{path}/").json()
        assert (seen["file_name"], seen["counts"]["create"]) == (None, 2)
        for part in ("rows", "errors", "plan", "fix-file"):
            assert outsider.get(f"rosters/{path}/{part}/").status_code == 403
        assert outsider.post(f"rosters/{path}/confirm/").status_code == 403
    assert other.get("rosters/").json()["results"] == []
    for part in ("", "rows/", "errors/", "plan/", "fix-file/"):
        assert other.get(f"rosters/{path}/{part}").status_code == 404
    for move in ("confirm", "abort", "undo"):
        assert other.post(f"rosters/{path}/{move}/").status_code == 404
    assert Roster.objects.get().state == "planned"


def test_the_audit_log_has_numbers_alone(editor, send, site):
    path = send(FILE, mode="complete").json()["id"]
    rosters.work()
    editor.post(f"rosters/{path}/confirm/", {"accept_ends": True})
    rosters.work()

    told = str(
        list(AuditEvent.objects.filter(action__startswith="rosters.").order_by("pk").values_list("action", "changes"))
    )

    assert [word for word in ("E1", "E2", "Invented", "Royal", "staff.csv") if word in told] == []
    assert AuditEvent.objects.filter(object_id=path).count() == 3


def test_the_same_key_sends_a_file_once(editor, send, site):
    files = (FILE, FILE, FILE + b"E9,Hotel Fictif Royal,sales,2024-01-01\r\n")
    answers = [_keyed(editor, content) for content in files]

    assert [answer.status_code for answer in answers] == [202, 202, 422]
    assert (answers[0].json()["id"], Roster.objects.count()) == (answers[1].json()["id"], 1)


def _keyed(editor, content: bytes):
    return editor.http.post(
        "/api/v1/rosters/", {"file": SimpleUploadedFile("staff.csv", content)}, headers={"Idempotency-Key": "once"}
    )


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"mode": "whole"}, "invalid_choice"),
        ({"as_of": "2027-01-01"}, "in_future"),
        ({"as_of": "yesterday"}, "invalid"),
        ({"most_ends_share": "1.5"}, "max_value"),
        ({"company": "00000000-0000-7000-8000-000000000000"}, "unknown_reference"),
        ({"colour": "red"}, "unknown_field"),
    ],
)
def test_what_is_said_beside_the_file_is_checked_at_once(send, parts: dict[str, str], code: str):
    answer = send(FILE, **parts)

    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (400, [code])
    assert Roster.objects.count() == 0


def test_a_moved_roster_is_not_moved_by_an_old_reading(editor, send, site):
    path = send(FILE).json()["id"]
    tag = editor.get(f"rosters/{path}/")["ETag"]
    rosters.work()

    answer = editor.post(f"rosters/{path}/confirm/", if_match=tag)

    assert (answer.status_code, Roster.objects.get().state) == (412, "planned")


def test_a_system_streams_completions_as_lines_that_confirm_themselves(site, client_for):
    course = training.make_course(code="basics")
    for number in range(3):
        training.make_staff(site, reference=f"E{number}")
    system = client_for("company_system", organisation=site.company.organisation, scopes=["training:write"])
    lines = "".join(f'{{"reference":"E{n}","course":"{course.code}","completed_on":"2026-03-01"}}\n' for n in range(3))

    sent = system.post(
        "rosters/?confirms_itself=true", lines.encode(), headers={"Content-Type": "application/x-ndjson"}
    )
    rosters.work()

    assert sent.status_code == 202, sent.content
    done = system.get(sent["Location"]).json()
    assert (done["state"], done["applied"]) == ("done", {"completions": 3})
    # What a system says is a push, however long; what an officer uploads is a roster.
    assert list(Completion.objects.values_list("source", flat=True)) == ["company_system"] * 3
    refused = system.post("rosters/x/", b"{}", headers={"Content-Type": "application/x-ndjson"})
    assert refused.status_code == 404


def test_a_chain_sends_one_file_and_each_hotel_sees_its_own_people(client_for, send):
    training.load_default_requirements()
    group, (royal, central) = rosters.make_group("Hotel Fictif Nord", "Hotel Fictif Zuid")
    foreign = training.make_workplace(name="Hotel of Another Chain")
    chain = client_for("company_editor", organisation=group.organisation)
    lines = [[f"{n:03}", site.name, "front_desk", "2024-01-01"] for site in (royal, central) for n in range(1, 7)]
    bad = ["001", foreign.name, "front_desk", "2024-01-01"]

    sent = send(rosters.csv_of(*lines, bad), client=chain, company=str(group.pk), reach="group")
    rosters.work()
    path = sent["Location"]
    planned = chain.get(path).json()

    assert (sent.status_code, planned["reach"], planned["counts"]["create"]) == (202, "group", 12)
    (error,) = chain.get(f"{path}errors/").json()["results"]
    assert (error["number"], error["errors"][0]["code"]) == (14, "unknown_site")
    sites = {row["company_id"]: row["create"] for row in chain.get(f"{path}plan/").json()["sites"] if row["id"]}
    assert sites == {str(royal.company_id): 6, str(central.company_id): 6}
    assert chain.post(f"{path}confirm/", {}).status_code == 200
    rosters.work()
    assert chain.get(path).json()["applied"] == {"created": 12}

    hotel = client_for("company_editor", organisation=royal.company.organisation)
    other = client_for("company_editor", organisation=foreign.company.organisation)
    officer = client_for("lcr", country="BE")
    assert [client.get(path).status_code for client in (hotel, other)] == [404, 404]
    assert hotel.post(f"{path}undo/", {}).status_code == 404
    assert {row["company"]["id"] for row in hotel.get("staff/").json()["results"]} == {str(royal.company_id)}
    assert len(hotel.get("staff/").json()["results"]) == 6
    assert other.get("staff/").json()["results"] == []
    masked = officer.get(f"staff/?company={central.company_id}").json()["results"]
    assert (len(masked), {row["reference"] for row in masked}) == (6, {None})
    assert officer.get(f"{path}errors/").status_code == 403
