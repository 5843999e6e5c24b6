"""A former representative changes nothing: every operation that admits a representative, with a row of its country."""

from __future__ import annotations

from datetime import date

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
# Answer 200 with what became of each item, or of none.
BY_ITEM = {"certificates_issue_due", "payments_import_statement", "report_obligations_nudge", "worklist_nudge"}
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

            refusals = {400, 403, 404} | ({200} if operation.id in BY_ITEM else set())
            if response.status_code not in refusals or AuditEvent.objects.count() != events:
                done.append(f"{operation.id}: {response.status_code} {response.content[:200]!r}")
            transaction.set_rollback(True)

    assert (len(CHANGES) > 30, "\n".join(done)) == (True, "")
