"""What saving answers has in common, whether a company's or a site's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from codesign.reporting import answers as answering
from codesign.reporting.models import Answer, Question, SiteAnswer
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid, Refused, Stale

MAX_COMMENT = 1000
KEPT = ["value", "number", "comment", "origin", "answered_at", "answered_by_id", "answered_by_label", "redacted_at"]


class ReportNotEditable(Refused):
    """Handed in: it is the reader's turn."""

    default_code = "report_not_editable"


def read(
    questions: Iterable[Question], answers: Mapping[str, Any], comments: Mapping[str, str]
) -> tuple[dict[str, Any], list[Fault]]:
    """The answers in the form that is kept, and all faults of answers and comments."""
    asked = list(questions)
    kept, faults = answering.faults_of(asked, answers)
    codes = {question.code for question in asked if question.jump_share is not None}
    faults += answering.comment_faults(codes, comments, longest=MAX_COMMENT)
    message = "A comment comes with the figure that it explains."
    alone = [code for code in comments if code in codes and code not in answers]
    return kept, [
        *faults,
        *(Fault(answering.pointer_to("comments", code), "without_answer", message) for code in alone),
    ]


def refuse(faults: Iterable[Fault]) -> None:
    """400 with every fault; nothing when there is none."""
    if found := tuple(faults):
        raise Invalid("Some answers can't be kept; each is listed.", faults=found)


def refuse_stale(
    *,
    owner: UUID,
    version: int,
    expected: int | None,
    standing: dict[str, Any],
    yours: dict[str, Any],
    changed_by: str,
) -> None:
    """412 with both versions, so that the second of two editors can put them together.

    It names the report or return: what was sent and never kept stands in the stored reply, where `redact` finds it.
    """
    if expected not in {None, version}:
        details = {"of": str(owner), "version": version, "answers": standing, "yours": yours, "changed_by": changed_by}
        raise Stale("Somebody saved this section since you read it.", details=details)


def changed(kept: Mapping[str, Any], values: Mapping[str, Any], comments: Mapping[str, str]) -> dict[str, Any]:
    """Those of the answers that say something new: the same push twice writes nothing, and claims no answer."""
    return {code: value for code, value in kept.items() if code in comments or values.get(code, _UNSEEN) != value}


def rows(
    model: type[Answer] | type[SiteAnswer],
    questions: Mapping[str, Question],
    kept: Mapping[str, Any],
    comments: Mapping[str, str],
    *,
    actor: Actor,
    at: datetime,
    origins: Mapping[str, str] | None = None,
    **owner: Any,
) -> list[Any]:
    """Rows of answers, unsaved."""
    return [
        model(
            question=questions[code],
            value=value,
            number=answering.number_of(questions[code], value),
            comment=comments.get(code, "").strip(),
            origin=(origins or {}).get(code, ""),
            answered_at=at,
            answered_by_id=actor.user_id,
            answered_by_label=actor.label,
            **owner,
        )
        for code, value in kept.items()
    ]


def save(model: type[Answer] | type[SiteAnswer], answers: list[Any], *, owner: str) -> None:
    """Write them over what stood there. One statement."""
    model._default_manager.bulk_create(
        answers, update_conflicts=True, unique_fields=[owner, "question"], update_fields=KEPT
    )


_UNSEEN = object()
