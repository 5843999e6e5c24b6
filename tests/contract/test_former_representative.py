"""A former representative changes nothing: every operation that admits a representative, with a row of its country."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from members.network.models import Mandate
from members.scope import Role
from registry.kernel.audit.models import AuditEvent
from tests.contract.asking import ask
from tests.contract.contract import admitted, operations
from tests.contract.places import Place, make_caller
from tests.contract.specimens.every import SPECIMENS

pytestmark = pytest.mark.django_db
# What everybody who logs in does with a login of their own.
OWN_LOGIN = {"tokens", "me", "invitations/accept"}
# These answer 200 with what became of each item: each says that it is none of the caller's.
NOTHING_DONE: dict[str, Callable[[Any], bool]] = {
    "certificates_issue_due": lambda said: said == {"issued": 0, "certificates": [], "due": 0},
    "payments_import_statement": lambda said: [line["label"] for line in said["lines"]] == ["unknown"],
    "report_obligations_nudge": lambda said: [row["code"] for row in said] == ["not_seen"],
    "worklist_nudge": lambda said: [row["code"] for row in said] == ["unknown_item"],
}
CHANGES = [
    operation
    for operation in operations().values()
    if operation.is_command
    and Role.LCR in admitted().get(operation.id, ())
    and operation.resource not in OWN_LOGIN
    and operation.id in SPECIMENS
]


def test_nothing_that_a_representative_does_is_left_to_a_former_one():
    done = []
    caller = make_caller(Role.LCR)
    for operation in CHANGES:
        with transaction.atomic():
            request = ask(operation, SPECIMENS[operation.id], Place(caller))
            Mandate.objects.filter(organisation=caller.organisation).update(valid_until=date(2026, 11, 21))
            events = AuditEvent.objects.count()

            response = request.send(caller)

            says_nothing_done = NOTHING_DONE.get(operation.id)
            if says_nothing_done is None:
                refused = response.status_code in {400, 403, 404}
            else:
                refused = response.status_code == 200 and says_nothing_done(response.json())
            if not refused or AuditEvent.objects.count() != events:
                done.append(f"{operation.id}: {response.status_code} {response.content[:200]!r}")
            transaction.set_rollback(True)

    assert (len(CHANGES) > 30, "\n".join(done)) == (True, "")
