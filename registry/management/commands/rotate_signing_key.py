"""`manage.py rotate_signing_key`: a new key signs from now on; those before stay published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.kernel import signing


class Command(BaseCommand):
    """Makes a key in DATA_DIR/keys."""

    help = "Make a new key that signs certificates of completion; older ones stay published."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say the new key's thumbprint."""
        try:
            kid = signing.rotate()
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"From now on {kid} signs.")
