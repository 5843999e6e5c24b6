"""What of an xAPI statement the register understands: pure functions of plain values. Source: xAPI 1.0.3."""

from __future__ import annotations

import re
from uuid import UUID

VERSION = "1.0.3"
RECORDED_VERBS = frozenset(
    {
        "http://adlnet.gov/expapi/verbs/completed",
        "http://adlnet.gov/expapi/verbs/passed",
        "http://activitystrea.ms/schema/1.0/complete",
    }
)
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_version(text: str) -> bool:
    """Whether a caller's version is one that is understood: 1.0 or any 1.0.x."""
    return text == "1.0" or re.fullmatch(r"1\.0\.[0-9]{1,3}", text) is not None


def company_in(home_page: str) -> UUID | None:
    """The company that an account's home page names by its id; None when it names none, as a system's own address."""
    found = _UUID.search(home_page)
    return UUID(found[0]) if found else None


def course_in(iri: str) -> str:
    """The code of a course in the address of an activity: its last part."""
    return re.split(r"[/:#?=]", iri.rstrip("/"))[-1]
