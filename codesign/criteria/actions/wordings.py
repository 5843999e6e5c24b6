"""Load the wordings of the criteria and the templates of a first plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from codesign.criteria.models import ActionTemplate, Criterion


@transaction.atomic
def load_criteria(rows: Iterable[Mapping[str, Any]]) -> int:
    """Enter wordings; a version already there is never edited. Answers how many are new."""
    new = 0
    for row in rows:  # six a version, once
        _, is_new = Criterion.objects.get_or_create(
            number=row["number"],
            version=row["version"],
            defaults={name: row[name] for name in ("names", "texts", "effective_from", "source")},
        )
        new += is_new
    return new


@transaction.atomic
def load_templates(rows: Iterable[Mapping[str, Any]]) -> int:
    """Enter templates of actions; those already there are left as staff shaped them."""
    new = 0
    for row in rows:  # a dozen, once
        _, is_new = ActionTemplate.objects.get_or_create(
            code=row["code"], defaults={name: value for name, value in row.items() if name != "code"}
        )
        new += is_new
    return new
