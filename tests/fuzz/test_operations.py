"""Generated requests at every operation: whatever comes, no answer is a 5xx, and afterwards every list still answers.

FUZZ_EXAMPLES says how many for each operation; by default five where CI is set, else 130, which is more than
20,000 on each database. `pytest -n 2` spreads them; a failure prints the request as a curl command.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from members.scope import Role
from tests.contract.contract import Operation, document, operations
from tests.contract.places import AT
from tests.frame.shelf import LISTS
from tests.fuzz.seeds import Seeds

# Each operation begins with the same book: what another did to it was rolled back.
pytestmark = pytest.mark.django_db
IN_CI = bool(os.environ.get("CI"))
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or (5 if IN_CI else 130))
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=IN_CI,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def seeds(django_db_setup: None, django_db_blocker: Any) -> Seeds:
    """The book, made once and committed: this target has its database to itself."""
    with django_db_blocker.unblock(), time_machine.travel(AT, tick=False):
        return Seeds()


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A server closes connections between requests; here all requests share the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def schema() -> Any:
    """The contract as the generator reads it."""
    return schemathesis.openapi.from_dict(document())


@pytest.mark.parametrize("operation", operations().values(), ids=list(operations()))
def test_no_request_breaks_an_operation(operation: Operation, seeds: Seeds, schema: Any):
    generated = schema[operation.path][operation.http.upper()]
    strategy = st.one_of(
        generated.as_strategy(generation_mode=GenerationMode.POSITIVE),
        generated.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    application = get_wsgi_application()
    broken: list[str] = []

    @SETTINGS
    @given(case=strategy, number=st.integers(min_value=0, max_value=2**32))
    def attempt(case: Any, number: int) -> None:
        random = Random(number)
        caller = seeds.caller(operation, random)
        seeds.fill(case, operation, random)
        headers = {"Authorization": f"Bearer {caller.client.token}"} if caller.client.token else {}
        if operation.is_command and random.random() < 0.7:
            headers["If-Match"] = "*"
        status = send(case, application, headers)
        if status >= 500:
            broken.append(f"{status} {caller.role} {case.as_curl_command(headers=headers)}")

    attempt()

    silent = lists_that_fail(seeds) if operation.is_command else {}
    assert (broken[:5], silent) == ([], {})


def send(case: Any, application: Any, headers: dict[str, str]) -> int:
    """The status of one request, in a savepoint: a statement that PostgreSQL refused must not spoil the next ones."""
    cache.clear()
    savepoint = transaction.savepoint()
    try:
        return int(case.call(app=application, headers=headers).status_code)
    finally:
        try:
            transaction.savepoint_commit(savepoint)
        except DatabaseError:
            transaction.savepoint_rollback(savepoint)


def lists_that_fail(seeds: Seeds) -> dict[str, int]:
    """Lists that answer anything but 200 or 403 to those who see most."""
    answers = {
        f"{name} by {role}": seeds.callers[role].client.get(operation.path, page_size="1000").status_code
        for name, operation in LISTS.items()
        for role in (Role.SECRETARIAT, Role.COMPANY_EDITOR)
    }
    return {name: status for name, status in answers.items() if status not in {200, 403}}
