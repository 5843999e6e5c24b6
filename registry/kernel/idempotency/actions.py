"""Claim a key, keep its answer, forget old ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BinaryField, F, Func, IntegerField, Q, Value
from django.db.models.lookups import GreaterThan

from registry.kernel.idempotency.models import StoredAnswer


class BytePosition(Func):
    """Where bytes stand in a binary column, from 1; 0 where they don't."""

    function = "INSTR"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """`INSTR` is POSITION there, its arguments the other way round."""
        turned = self.copy()
        turned.set_source_expressions(self.get_source_expressions()[::-1])
        return turned.as_sql(compiler, connection, function="POSITION", arg_joiner=" IN ", **context)


def claim(
    *, caller: str, key: str, fingerprint: str, at: datetime, forget_before: datetime
) -> tuple[StoredAnswer, bool]:
    """The row of this key, and whether this call is its first. The first statement of the transaction.

    A second caller waits here on the unique index until the first has committed, then finds its answer.
    No "in progress" state can be left behind by a crash: the row lives and dies with the effect.
    """
    StoredAnswer.objects.filter(caller=caller, key=key, created_at__lt=forget_before).delete()
    mine = StoredAnswer(caller=caller, key=key, fingerprint=fingerprint, created_at=at)
    StoredAnswer.objects.bulk_create([mine], ignore_conflicts=True)
    row = StoredAnswer.objects.get(caller=caller, key=key)
    return row, row.pk == mine.pk


def keep(row: StoredAnswer, *, status: int, headers: dict[str, str], body: bytes | None) -> None:
    """Keep the answer; `body` None where it holds a secret."""
    StoredAnswer.objects.filter(pk=row.pk).update(status=status, headers=headers, body=body)


def release(row: StoredAnswer) -> None:
    """Forget the claim: the answer was of a kind that a retry should ask again."""
    StoredAnswer.objects.filter(pk=row.pk).delete()


def forget(*, before: datetime) -> int:
    """Delete answers kept longer than promised; how many."""
    return StoredAnswer.objects.filter(created_at__lt=before).delete()[0]


def drop_answers(texts: Iterable[str]) -> int:
    """Empty the stored answers that hold any of `texts`; a retry is told that its answer was not kept. How many."""
    holding = [
        Q(GreaterThan(BytePosition(F("body"), Value(text.encode(), output_field=BinaryField())), 0)) for text in texts
    ]
    if not holding:
        return 0
    return StoredAnswer.objects.exclude(body=None).filter(reduce(or_, holding)).update(body=None)
