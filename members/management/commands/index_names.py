"""Make names findable that came into the database past the actions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from members.organisations.naming import index_all


class Command(BaseCommand):
    """`index_names`: safe to repeat."""

    help = "Index the names of organisations that are not yet found by `q` and `match`."

    def handle(self, *args: Any, **options: Any) -> None:
        """Index what is missing, in one transaction."""
        with transaction.atomic():
            count = index_all()
        self.stdout.write(f"names: {count} indexed")
