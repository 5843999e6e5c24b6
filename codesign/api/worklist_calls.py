"""The ready-made call of each kind of work: the next step, worded so that a program can offer it as a button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from codesign.worklist.items import Work
from codesign.worklist.kinds import WorkKind
from codesign.worklist.sources import AHEAD_DAYS
from registry.kernel.api.rows import API_PREFIX

# Why a reminder does not leave, as every operation that sends one says it.
NUDGE_CODES = "`owes_nothing`, `suspended`, `no_reminder`, `muted`, `not_due`, `nudged_today` or `nobody_to_write_to`"


def ready_call(work: Work, *, on: date, refusal: str = "") -> dict[str, Any]:
    """Label, method, URL, body, what a person fills in, and where the tag is read.

    `refusal`: why a reminder would not leave; what helps then stands in its place.
    """
    step = _INSTEAD.get(refusal, _log) if refusal else _CALLS[work.kind]
    label, method, path, more = step(work, on)
    call: dict[str, Any] = {"label": label, "method": method, "url": f"{API_PREFIX}{path}", "body": None, "fill_in": []}
    tag_from = more.pop("tag_from", None)
    return {
        **call,
        "tag_from": tag_from and f"{API_PREFIX}{tag_from}",
        "instead_of_nudge": refusal or None,
        **more,
    }


_Call = tuple[str, str, str, dict[str, Any]]


def _move(label: str, resource: str, move: str, body: Callable[[date], Any] = lambda on: {}, *fill_in: str) -> Any:
    """A move of the row itself, with its tag."""

    def call(work: Work, on: date) -> _Call:
        row = f"{resource}/{work.subject_id}/"
        return label, "POST", f"{row}{move}/", {"body": body(on), "fill_in": list(fill_in), "tag_from": row}

    return call


def _read(label: str, path: str) -> Any:
    """Something to look at before a decision."""

    def call(work: Work, on: date) -> _Call:
        then = on + timedelta(days=AHEAD_DAYS)
        return label, "GET", path.format(subject=work.subject_id, company=work.company_id, then=then), {}

    return call


def _nudge(work: Work, on: date) -> _Call:
    return "Remind the company", "POST", "worklist/nudge/", {"body": {"item": work.key}}


def _certificate(work: Work, on: date) -> _Call:
    return "Issue the certificate", "POST", "certificates/", {"body": {"membership": str(work.subject_id)}}


def _award(work: Work, on: date) -> _Call:
    body = {"membership": str(work.subject_id), "year": on.year - 1}
    return f"Make it Top Member of {on.year - 1}", "POST", "awards/", {"body": body}


def _new_contact(work: Work, on: date) -> _Call:
    role = "finance" if work.kind == WorkKind.FEE_OVERDUE else "reporting_officer"
    body = {"organisation": str(work.company_id), "role": role}
    label = "Enter a contact for fees" if role == "finance" else "Enter a contact for the report"
    return label, "POST", "contacts/", {"body": body, "fill_in": ["email", "language"]}


def _log(work: Work, on: date) -> _Call:
    body = {"company": str(work.company_id), "way": "call", "happened_on": on.isoformat()}
    return "Call, and keep what was said", "POST", "contact-log/", {"body": body, "fill_in": ["summary"]}


def _signature(on: date) -> dict[str, Any]:
    return {"side": "representative", "role": "officer", "signed_on": on.isoformat()}


_CALLS: dict[WorkKind, Callable[[Work, date], _Call]] = {
    WorkKind.REVIEW_DUE: _read("Read the review", "reviews/{subject}/"),
    WorkKind.APPEAL_TO_DECIDE: _read("Read the appeal", "appeals/{subject}/"),
    WorkKind.PROPOSAL_TO_DECIDE: _read("Read the file", "companies/{company}/notice-file/"),
    WorkKind.PLAN_TO_DECIDE: _move("Approve", "code-memberships", "approve", lambda on: {"reason": "complete"}),
    WorkKind.PLAN_WANTED: _read("See what may happen now", "code-memberships/{subject}/moves/"),
    WorkKind.REPORT_TO_REVIEW: _move("Accept the report", "reports", "accept"),
    WorkKind.SLICE_TO_REVIEW: _move("Accept the part", "report-slices", "accept"),
    WorkKind.AGREEMENT_TO_SIGN: _move("Keep the signature", "code-agreements", "sign", _signature),
    WorkKind.CONTACT_GONE: _new_contact,
    WorkKind.FOLLOW_UP: _move("It is done", "contact-log", "settle", lambda on: {"settled_on": on.isoformat()}),
    WorkKind.REPORT_LATE: _nudge,
    WorkKind.APPROVED_UNPAID: _nudge,
    WorkKind.AGREEMENT_UNSIGNED: _nudge,
    WorkKind.EVIDENCE_TO_VERIFY: _move("Verify", "plan-actions", "verify"),
    WorkKind.FEE_OVERDUE: _nudge,
    WorkKind.CERTIFICATE_DUE: _certificate,
    WorkKind.AWARD_DUE: _award,
    WorkKind.CLAIM_TO_DECIDE: _read("See whom it may mean", "signatory-claims/{subject}/candidates/"),
    WorkKind.TRAINING_DROPPING: _read("See who to train", "training/plan/?scope=company:{company}&on={then}"),
}
# What helps where a reminder would not leave; else a call does.
_INSTEAD: dict[str, Callable[[Work, date], _Call]] = {
    "suspended": _read("Read the file", "companies/{company}/notice-file/"),
    "nobody_to_write_to": _new_contact,
}
