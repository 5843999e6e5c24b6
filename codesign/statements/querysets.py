"""Questions about statements."""

from __future__ import annotations

from typing import Self

from django.db import models

from codesign.training.querysets import own_rows
from members.scope import Scope


class StatementQuerySet(models.QuerySet):
    """Questions about statements."""

    def visible_to(self, scope: Scope) -> Self:
        """As the completion that it led to: own staff's alone."""
        person = "completion__staff_member"
        return self.filter(own_rows(scope, company=f"{person}__company", site=f"{person}__site"))
