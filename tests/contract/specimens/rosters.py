"""Specimens of rosters."""

from __future__ import annotations

from typing import Any

from codesign.statements.models import Statement
from members.scope import Role
from tests.contract.places import AT, Place
from tests.contract.specimens import companies, training
from tests.contract.specimens.specimen import Specimen, reads
from tests.factories import rosters
from tests.factories.training import make_course


def planned(place: Place) -> Any:
    """One row that is new, and one in error; of a site editor, sent by the caller."""
    site = companies.site(place)
    lines = [["E1", str(site.pk), "sales", "2026-01-01"], ["E2", "Nowhere", "sales", "2026-01-01"]]
    roster = rosters.plan(site.company, rosters.csv_of(*lines))
    if place.role is Role.SITE_EDITOR:
        roster.sender_id = place.caller.user.pk if place.is_own and place.caller.user else None
        roster.save(update_fields=["sender_id"])
    return roster


def written(place: Place) -> Any:
    """The same, confirmed and written."""
    roster = planned(place)
    rosters.confirm(roster)
    return roster


def _body(place: Place, row: Any) -> dict[str, Any]:
    site = companies.site(place)
    line = {"reference": "E3", "site": str(site.pk), "role": "sales", "hired_on": "2026-01-01"}
    return {"company": str(site.company_id), "rows": [line]}


STATEMENT_KEY = "7ccd1322-e1a5-411a-a67d-6a735c76f119"
VERSION = {"X-Experience-API-Version": "1.0.3"}


def _statement(place: Place, row: Any) -> dict[str, Any]:
    who, what = training.person(place), make_course()
    return {
        "actor": {"account": {"homePage": f"urn:uuid:{who.company_id}", "name": who.reference}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"https://lms.fictif.example/courses/{what.code}"},
        "timestamp": "2026-11-02T10:00:00Z",
    }


def said(place: Place) -> Any:
    """A statement that led to a completion."""
    done = training.completion(place)
    Statement.objects.create(
        company_id=done.staff_member.company_id,
        statement_id=STATEMENT_KEY,
        completion=done,
        home_page="https://lms.fictif.example",
        verb="http://adlnet.gov/expapi/verbs/completed",
        activity="https://lms.fictif.example/courses/basics",
        said_at=AT,
        stored_at=AT,
    )


def _by_key(place: Place, row: Any) -> dict[str, str]:
    return {"statementId": STATEMENT_KEY}


ROSTERS: dict[str, Specimen] = {
    **reads("rosters", planned),
    "rosters_create": Specimen(body=_body, refs=("company",), status=202),
    **{
        f"rosters_{name}": Specimen(row=planned) for name in ("plan", "lines", "errors", "fix_file", "confirm", "abort")
    },
    "rosters_undo": Specimen(row=written),
    "xapi_statements_create": Specimen(body=_statement, headers=VERSION),
    "xapi_statements_replace": Specimen(body=_statement, query=_by_key, headers=VERSION, status=204),
    "xapi_statements_fetch": Specimen(row=said, query=_by_key, headers=VERSION),
}
