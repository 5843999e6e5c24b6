"""`manage.py restore FILE`: an archive of `backup` in the place of the configured register."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from codesign.reporting import actions as reporting
from registry.kernel import backup, clock
from registry.kernel.audit.actor import Actor
from registry.kernel.documents import actions as documents
from registry.kernel.documents.models import Document
from registry.kernel.supervisor import AlreadyRunning, lock_of


class Command(BaseCommand):
    """Verifies, puts in place, holds all waiting mail."""

    help = "Put the register in FILE in the place of this one. Sends nothing: waiting mail is held."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="Replace the register that is here.")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        """Restore FILE or say why not; refused while the register runs on this folder."""
        os.umask(0o077)
        try:
            with lock_of(settings.DATA_DIR):
                # The backup is older than the erasures since: who was erased must not come back with it.
                call_command("reapply_erasures", only_keep=True, stdout=self.stdout, stderr=self.stderr)
                outcome = backup.restore(file, force=force)
                self._tell(outcome)
                call_command("reapply_erasures", stdout=self.stdout)
                self._remove_again()
        except AlreadyRunning as error:
            raise CommandError(f"{error} Stop it first.") from error
        except backup.BackupRefused as error:
            raise CommandError(error.detail) from error

    def _remove_again(self) -> None:
        """Documents that were removed and answers that were redacted since the backup stay so."""
        if Document._meta.db_table not in connection.introspection.table_names():
            return  # of an older program, which had none
        count = documents.remove_again(actor=Actor(label="restore"), at=clock.now())
        self.stdout.write(f"Removed again: {count} documents.")
        count = reporting.redact_again(actor=Actor(label="restore"), at=clock.now())
        self.stdout.write(f"Redacted again: {count} rows of reports.")

    def _tell(self, outcome: backup.Outcome) -> None:
        self.stdout.write(
            f"Restored: database and {outcome.files} files. {outcome.held} waiting messages are held; look at them, "
            "then: python manage.py release_outbox"
        )
