"""Claim a key, keep its answer, forget old ones."""

from __future__ import annotations

from datetime import datetime

from registry.kernel.idempotency.models import StoredAnswer


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
