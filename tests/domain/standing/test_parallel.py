"""Two officers at the same moment: one yes, one decision, one invoice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from codesign.companies.models import CodeMembership, Decision
from codesign.fees.models import CodeAgreement, Invoice
from codesign.standing import actions
from codesign.standing.models import Endorsement
from registry.kernel.errors import DomainError
from tests.factories.standing import START, make_membership, officer

pytestmark = pytest.mark.django_db(transaction=True)
LATER = START + timedelta(days=5)


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run the calls in threads that start together; how each ended, sorted."""
    barrier, ended = Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            call()
            ended.append("done")
        except DomainError as error:
            ended.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ended)


def approval(membership: CodeMembership, **more: Any) -> Callable[[], Any]:
    actor = more.pop("actor", None) or officer()
    return lambda: actions.approve(membership_id=membership.pk, actor=actor, at=LATER, **more)


@pytest.mark.parametrize("round", range(5))
def test_two_first_yeses_on_one_tag_have_one_winner(round: int) -> None:
    membership = make_membership(state="plan_submitted", country_id="FR")
    version = membership.version

    ended = at_once(*(approval(membership, expected_version=version) for _ in range(2)))

    membership.refresh_from_db()
    assert ended == ["done", "stale"]
    assert (membership.state, membership.version) == ("plan_submitted", version + 1)
    assert Endorsement.objects.count() == 1


@pytest.mark.parametrize("round", range(5))
def test_many_last_yeses_approve_once(round: int) -> None:
    membership = make_membership(state="plan_submitted", country_id="FR")
    approval(membership)()
    membership.refresh_from_db()

    ended = at_once(*(approval(membership, expected_version=membership.version) for _ in range(3)))

    assert ended == ["done", "stale", "stale"]
    decisions = Decision.objects.filter(membership=membership, move="approve")
    assert (decisions.count(), Invoice.objects.count(), CodeAgreement.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("round", range(5))
def test_opposite_decisions_have_one_winner(round: int) -> None:
    membership = make_membership(state="plan_submitted", country_id="FR")

    ended = at_once(
        lambda: actions.reject(membership_id=membership.pk, actor=officer(), at=LATER),
        lambda: actions.withdraw(membership_id=membership.pk, actor=officer(), at=LATER),
    )

    assert ended == ["done", "move_not_allowed"]
    assert membership.decisions.count() == 3
