"""`manage.py load_network`: the real network from the public facts in `members/data/`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from members.management.loading import NetworkLoad
from registry.kernel import clock


class Command(BaseCommand):
    """Loads countries, member groups, mandates, the STOP Group, channels and published sizes; safe to repeat."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        counts = NetworkLoad(at=clock.now()).run()
        for kind in dict.fromkeys(kind for kind, _ in counts):
            created, unchanged = counts[kind, "created"], counts[kind, "unchanged"]
            self.stdout.write(f"{kind}: {created} created, {unchanged} unchanged")
