"""The worklist of a representative with a twentieth of the book (500 companies at scale 1), against plain SQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db.models import QuerySet

from codesign.companies.models import CodeMembership, Company, Decision, SignatoryClaim
from codesign.fees.models import AgreementText, CodeAgreement
from codesign.reporting.models import Report
from codesign.worklist.models import ContactLogEntry, Snooze
from members.network.models import Mandate
from members.people.models import Contact
from tests.bench.book import AT, COUNTRIES, DAY, OTHER, key, representative, stamp
from tests.bench.loading import load, unchecked
from tests.bench.measuring import Samples, in_turn
from tests.bench.serving import Server, authorized, database_cpu_ns

HOME = "BE"
_WORDS = "item kind name company country category since age_days due_on weight".split()


def seed_work() -> None:
    """Some work of every kind, and each representative in its own country alone."""
    with unchecked():
        for country in COUNTRIES:
            Mandate.objects.filter(country=country).update(organisation=representative(country))
        _applicants()
        _members()


def _applicants() -> None:
    """Of those that apply: a quarter waits for a plan, one for a decision, one for changes, one is approved."""
    waiting: QuerySet = CodeMembership.objects.filter(company__organisation__country=HOME, state="submitted")
    keys = [str(one).replace("-", "") for one in waiting.order_by("pk").values_list("pk", flat=True)]
    states = {1: "plan_submitted", 2: "changes_requested", 3: "approved"}
    approved = keys[3::4]
    for place, state in states.items():
        waiting.model.objects.filter(pk__in=keys[place::4]).update(state=state)
    waiting.model.objects.filter(pk__in=approved).update(approved_on=DAY - timedelta(days=20))
    load(
        Decision,
        "id membership_id version move from_state to_state effective_on decided_at actor_label",
        (
            (key(OTHER + 7, n), one, 1, "submit", "draft", "submitted", DAY - timedelta(days=n % 60), stamp(AT), "x")
            for n, one in enumerate(keys)
        ),
    )
    load(AgreementText, "version effective_from texts", [("1", "2020-01-01", "{}")])
    load(
        CodeAgreement,
        "id membership_id text_version sent_on company_signed_on created_at",
        (
            (key(OTHER + 8, n), one, "1", DAY - timedelta(days=18), DAY if n % 2 else None, stamp(AT))
            for n, one in enumerate(approved)
        ),
    )
    load(
        SignatoryClaim,
        "id name search_key country_id signatory_role claimed_by_id created_at",
        (
            (
                key(OTHER + 11, n),
                f"Fictif {n}",
                f"fictif {n}",
                HOME,
                "director",
                key(OTHER + 12, n),
                stamp(AT - timedelta(days=n)),
            )
            for n in range(4)
        ),
    )
    load(
        Snooze,
        "id side kind subject_id company_id until reason snoozed_by_label created_at",
        (
            (
                key(OTHER + 9, n),
                "representative",
                "plan_wanted",
                one,
                _company(one),
                "2026-12-20",
                "Later",
                "x",
                stamp(AT),
            )
            for n, one in enumerate(keys[0::8])
        ),
    )


def _company(membership: str) -> str:
    return f"{1:08x}{membership[8:]}"


def _members() -> None:
    """Of the members: reports to review, some that nobody can be written to, next steps, certificates that are due."""
    mine = Company.objects.filter(organisation__country=HOME).order_by("pk")
    keys = [str(one).replace("-", "") for one in mine.values_list("pk", flat=True)]
    reports = Report.objects.filter(company__in=keys[::12], reporting_year__year=2025, state="accepted")
    reports.update(state="submitted", submitted_at=AT - timedelta(days=20), review_due_on=DAY + timedelta(days=40))
    Contact.objects.filter(organisation__in=keys[::20]).delete()
    members: QuerySet = CodeMembership.objects.filter(company__organisation__country=HOME, state="active")
    load(
        CodeAgreement,
        "id membership_id text_version sent_on company_signed_on representative_signed_on created_at",
        (
            (key(OTHER + 8, 1_000_000 + n), str(one).replace("-", ""), "1", DAY, DAY, DAY, stamp(AT))
            for n, one in enumerate(members.order_by("pk").values_list("pk", flat=True))
            if n % 3 == 0
        ),
    )
    load(
        ContactLogEntry,
        "id company_id way happened_on summary next_step next_step_due_on logged_by_label created_at",
        (
            (key(OTHER + 10, n), one, "call", DAY - timedelta(days=9), "A call.", "Ask.", DAY + timedelta(days=n % 30 - 9),
             "x", stamp(AT))
            for n, one in enumerate(keys[::5])
        ),
    )  # fmt: skip


def measure(*, rounds: int, requests: int) -> dict[str, Samples]:
    """The first page of 100 with the counts of every kind; both have to tell the same."""
    seed_work()
    out = StringIO()
    call_command("issue_token", role="lcr", organisation=representative(HOME), stdout=out)
    headers = authorized(out.getvalue().strip())
    with ExitStack() as stack:
        started = {
            "floor": stack.enter_context(Server("floor", "tests.bench.working_floor:application")),
            "register": stack.enter_context(Server("register", "registry.wsgi:application")),
        }
        urls = {"floor": f"/worklist/?country={HOME}", "register": "/api/v1/worklist/"}
        told = {name: _told(json.loads(one.send("GET", urls[name], headers=headers))) for name, one in started.items()}
        for ours, floors in zip(told["register"], told["floor"], strict=True):
            if ours != floors:
                raise RuntimeError(f"the register's worklist differs:\n{ours}\n{floors}")
        if len(told["floor"]) < 20:
            raise RuntimeError("there is too little work to measure")
        samples = {name: _sample(one, urls[name], headers, requests) for name, one in started.items()}
        for sample in samples.values():
            sample()
        return in_turn(samples, rounds)


def _told(answer: dict[str, Any]) -> list[Any]:
    rows = [{word: row[word] for word in _WORDS} for row in answer["results"]]
    kinds = sorted((one["kind"], one["count"]) for one in answer["kinds"])
    return [answer["count"], kinds, *rows]


def _sample(server: Server, url: str, headers: dict[str, Any], requests: int) -> Callable[[], float]:
    """CPU milliseconds of application and database for one request."""

    def sample() -> float:
        before = server.used()["cpu_ns"] + database_cpu_ns()
        for _ in range(requests):
            server.send("GET", url, headers=headers)
        return (server.used()["cpu_ns"] + database_cpu_ns() - before) / requests / 1e6

    return sample
