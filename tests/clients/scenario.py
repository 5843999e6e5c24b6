"""The clients' common scenario against a running server; prints what it saw as one JSON object.

Written as a user writes: checked by `mypy --strict` against the generated package, run in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
from http import HTTPStatus
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from the_code_register_client import AuthenticatedClient, Client
from the_code_register_client.api.access import audit_list, invitations_accept, me_show, tokens_rotate
from the_code_register_client.api.companies import companies_create, companies_list, companies_read
from the_code_register_client.api.recognition import awards_list
from the_code_register_client.api.reporting import (
    reports_answer,
    reports_create,
    reports_read,
    reports_section,
    reports_submit,
)
from the_code_register_client.api.training import rosters_create, rosters_read
from the_code_register_client.calling import ProblemError, good, rows, rows_async, wait
from the_code_register_client.models import (
    AcceptRequest,
    CompaniesListOrdering,
    CompanyCategory,
    CompanyRequest,
    Problem,
    ReportRequest,
    RosterRequest,
    RosterState,
    SectionRequest,
    SectionRequestAnswers,
)
from the_code_register_client.types import File, Response

URL = os.environ["URL"]
LCR = AuthenticatedClient(base_url=URL, token=os.environ["LCR"])
EDITOR = AuthenticatedClient(base_url=URL, token=os.environ["EDITOR"])
COMPANY = UUID(os.environ["COMPANY"])
STALE = '"999-0123456789abcdef"'
Seen = dict[str, object]


def companies() -> list[str]:
    """Page by page, and the same without waiting."""
    by_name = CompaniesListOrdering.NAME
    names = [row.name for row in rows(companies_list.sync, client=LCR, page_size=2, ordering=by_name)]

    async def again() -> list[str]:
        listed = rows_async(companies_list.asyncio, client=LCR, page_size=2, ordering=by_name)
        return [row.name async for row in listed]

    assert asyncio.run(again()) == names
    return names


def report() -> Seen:
    """Section by section, then handed in: once."""
    key = good(reports_create.sync(client=EDITOR, body=ReportRequest(company=COMPANY, year=2025))).id
    for section, values in json.loads(os.environ["ANSWERS"]).items():
        tag = reports_section.sync_detailed(key, section, client=EDITOR).headers["ETag"]
        body = SectionRequest(answers=SectionRequestAnswers.from_dict(values))
        good(reports_answer.sync(key, section, client=EDITOR, body=body, if_match=tag))
    first = reports_read.sync_detailed(key, client=EDITOR).headers["ETag"]
    stale = refusal(reports_submit.sync_detailed(key, client=EDITOR, if_match=STALE))
    # No generated call forgets the tag.
    untagged = Problem.from_dict(EDITOR.get_httpx_client().post(f"/api/v1/reports/{key}/submit/").json())
    done = reports_submit.sync_detailed(key, client=EDITOR, if_match=first)
    again = refusal(reports_submit.sync_detailed(key, client=EDITOR, if_match=done.headers["ETag"]))
    state = good(done.parsed).state.value
    return {
        "state": state,
        "stale": [stale.status, stale.code],
        "untagged": [untagged.status, untagged.code],
        "again": [again.status, again.code],
    }


def roster() -> Seen:
    """Uploaded as a file, waited for, written."""
    people = json.loads(os.environ["ROSTER"])
    lines = "".join(json.dumps(person) + "\n" for person in people)
    file = File(payload=BytesIO(lines.encode()), file_name="staff.jsonl", mime_type="application/x-ndjson")
    sent = good(rosters_create.sync(client=EDITOR, body=RosterRequest(file=file, confirms_itself=True)))
    ended = {RosterState.DONE, RosterState.FAILED, RosterState.PLANNED}
    seen = wait(lambda: good(rosters_read.sync(sent.id, client=EDITOR)), lambda row: row.state in ended, every=0.2)
    return {"state": seen.state.value, "rows": seen.row_count}


def refusals() -> Seen:
    """Each kind of error, as an exception with a code."""

    def entering(name: str, country: str, key: str) -> Response[Any]:
        body = CompanyRequest(name=name, country=country, category=CompanyCategory.HOTEL)
        return companies_create.sync_detailed(client=LCR, body=body, idempotency_key=key)

    faulty = refusal(entering("X", "NL", "faulty"))
    absent = refusal(companies_read.sync_detailed(uuid4(), client=LCR))
    stranger = refusal(companies_list.sync_detailed(client=AuthenticatedClient(base_url=URL, token="cr_nobody")))
    forbidden = refusal(audit_list.sync_detailed(client=EDITOR))
    busy = awards_list.sync_detailed(client=LCR)
    entering("Hôtel Fictif Neuf (DEMO)", "BE", "once-and-not-otherwise")
    reused = refusal(entering("Hôtel Fictif Dix (DEMO)", "BE", "once-and-not-otherwise"))
    nobody = AcceptRequest(token="ci_nobody", password="a long sentence of nobody")
    tries = [invitations_accept.sync_detailed(client=Client(base_url=URL), body=nobody) for _ in range(12)]
    throttled = next(answer for answer in tries if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS)
    return {
        "faulty": [faulty.status, faulty.code, [[fault.pointer, fault.code] for fault in faulty.problem.errors or []]],
        "absent": [absent.status, absent.code],
        "stranger": stranger.status,
        "forbidden": forbidden.status,
        "reused": [reused.status, reused.code],
        "busy": [refusal(busy).status, refusal(busy).code, int(busy.headers["Retry-After"])],
        "throttled": [refusal(throttled).status, int(throttled.headers["Retry-After"]) > 0],
    }


def rotation() -> Seen:
    """The new token belongs to the same user."""
    me = good(me_show.sync(client=EDITOR))
    assert isinstance(me.token_id, UUID)
    issued = good(tokens_rotate.sync(me.token_id, client=EDITOR))
    same = good(me_show.sync(client=AuthenticatedClient(base_url=URL, token=issued.token)))
    return {"same_user": same.user_id == me.user_id, "another_token": same.token_id != me.token_id}


def refusal(answer: Response[Any]) -> ProblemError:
    """The refusal of a call that must be refused."""
    try:
        good(answer.parsed)
    except ProblemError as problem:
        return problem
    raise AssertionError("Nothing was refused.")


if __name__ == "__main__":
    seen = {
        "companies": companies(),
        "report": report(),
        "roster": roster(),
        "refusals": refusals(),
        "rotation": rotation(),
    }
    print(json.dumps(seen))  # noqa: T201
