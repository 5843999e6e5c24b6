"""Two officers hand the same country over at the same moment: one wins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from codesign.handovers.actions import hand_over
from codesign.handovers.models import Handover
from members.network.models import Mandate
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.errors import DomainError
from tests.factories.companies import make_membership
from tests.factories.network import AT, make_mandate
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.parametrize("round", range(5))
def test_of_two_officers_at_once_one_wins(round: int) -> None:
    former = make_mandate(state="confirmed")
    membership = make_membership(representative=former.organisation)
    heirs = [make_organisation(), make_organisation()]

    def to(heir: Any) -> Callable[[], Any]:
        return lambda: hand_over(
            mandate_id=former.pk, organisation_id=heir.pk, effective_on=date(2026, 11, 22), actor=SYSTEM, at=AT
        )

    ended = at_once(*(to(heir) for heir in heirs))

    membership.refresh_from_db()
    current = Mandate.objects.confirmed_on(date(2026, 11, 22)).get()
    assert ended == ["already_handed_over", "done"]
    assert (Handover.objects.count(), membership.representative_id) == (1, current.organisation_id)


@pytest.mark.parametrize("round", range(5))
def test_of_two_who_fill_an_empty_country_one_wins(round: int) -> None:
    heirs = [make_organisation(), make_organisation()]

    def to(heir: Any) -> Callable[[], Any]:
        return lambda: hand_over(
            country_id="BE", organisation_id=heir.pk, effective_on=date(2026, 11, 22), actor=SYSTEM, at=AT
        )

    ended = at_once(*(to(heir) for heir in heirs))

    assert ended == ["done", "mandate_overlaps"]
    assert (Handover.objects.count(), Mandate.objects.count()) == (1, 1)
