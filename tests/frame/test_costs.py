"""Every list costs the same number of statements for one row and for twenty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contract.contract import Operation
from tests.contract.places import Place
from tests.frame.shelf import LISTS, caller_of, fill

pytestmark = pytest.mark.django_db
BUDGETS = json.loads((Path(__file__).parents[1] / "contract" / "query_budgets.json").read_text(encoding="utf-8"))


def test_every_list_has_a_budget():
    assert sorted(BUDGETS) == sorted(LISTS)


@pytest.mark.parametrize("operation", LISTS.values(), ids=list(LISTS))
def test_a_page_of_twenty_costs_what_a_page_of_one_does(operation: Operation):
    caller = caller_of(operation)
    fill(operation, Place(caller), 20)
    caller.client.get(operation.path, page_size="1")

    costs, rows = [], []
    for size in ("1", "20"):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            response = caller.client.get(operation.path, page_size=size)
        costs.append(len(statements))
        rows.append(len(response.json()["results"]))

    assert (costs, rows[0], rows[1] > 1) == ([BUDGETS[operation.id]] * 2, 1, True)
