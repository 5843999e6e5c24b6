"""Enter the signatories that public sources name."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from codesign.companies.actions import record_signatory
from codesign.companies.reference import signatories
from registry.kernel import clock
from registry.kernel.audit.actor import Actor


class Command(BaseCommand):
    """Runs safely twice: a company that has a membership of any kind is left as it is."""

    help = "Enter the signatories that public sources name, as recorded and unverified."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        actor, at = Actor(label="import of signatories"), clock.now()
        new = known = 0
        for key, reason, values in signatories():
            if reason:
                self.stdout.write(f"{key} {values['name']}: left out, {reason}")
            elif record_signatory(**values, actor=actor, at=at):
                new += 1
            else:
                known += 1
        self.stdout.write(f"signatories: {new} new, {known} known")
