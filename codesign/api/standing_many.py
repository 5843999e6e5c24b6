"""One move of many memberships at once, with a result for each: the good ones are done although others are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from rest_framework import serializers

from codesign.api.standing_bodies import MoveBody, word_of
from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership
from codesign.standing import actions
from registry.kernel.api.bodies import RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.views import command
from registry.kernel.errors import DomainError, Fault

# Those that say nothing but a word: a measure, a merger and a confirmation are looked at one by one.
MOVES: dict[str, Callable[..., CodeMembership]] = {
    Move.REQUEST_CHANGES.value: actions.request_changes,
    Move.APPROVE.value: actions.approve,
    Move.REJECT.value: actions.reject,
    Move.EXPIRE.value: actions.expire,
    Move.REINSTATE.value: actions.reinstate,
}


REPEATABLE = list(MOVES)


class ManyMovesBody(MoveBody):
    """One membership and its move."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope))
    move = serializers.ChoiceField(REPEATABLE)
    version = serializers.IntegerField(min_value=1, help_text="Of the row as it was read: the number in its ETag.")

    def validate(self, attrs: dict) -> dict:
        found = super().validate(attrs)
        if found["move"] == Move.REQUEST_CHANGES and not found.get("text"):
            raise serializers.ValidationError({"text": [serializers.ErrorDetail("Say what to change.", "required")]})
        return found


class MoveFault(serializers.Serializer):
    """One thing that stands against a move."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class MoveResult(serializers.Serializer):
    """What became of one item."""

    index = serializers.IntegerField()
    membership = serializers.UUIDField(allow_null=True)
    is_done = serializers.BooleanField(help_text="Whether the word counts; a first yes of two is done too.")
    state = serializers.CharField(help_text="Of the membership afterwards; empty for an item that was refused.")
    code = serializers.CharField(help_text="Why not, as the single move would say it; empty when it is done.")
    errors = MoveFault(many=True)  # type: ignore[assignment]


class ManyMoves:
    """Adds `decide/` to the memberships."""

    @command(
        body=ManyMovesBody,
        many=True,
        max_items=100,
        answer=MoveResult,
        answer_many=True,
        summary="Take a move of many memberships",
        example=[
            {
                "membership": "0193a000-0000-7000-8000-000000000003",
                "move": "approve",
                "version": 4,
                "reason": "complete",
            }
        ],
    )
    def decide(self, call: Call) -> list[dict[str, Any]]:
        """One item or a list. Each is asked and decided as by its own operation, in a transaction of its own."""
        done = [_decided(index, dict(data), call) for index, data in zip(call.indexes, call.data, strict=True)]
        bad = [_refused(index, "invalid", tuple(faults)) for index, faults in call.item_faults.items()]
        return sorted(done + bad, key=lambda row: row["index"])


def _decided(index: int, data: dict[str, Any], call: Call) -> dict[str, Any]:
    key, action, version = data.pop("membership_id"), MOVES[data.pop("move")], data.pop("version")
    try:
        with transaction.atomic():
            membership = action(
                membership_id=key, word=word_of(data), expected_version=version, actor=call.scope, at=call.at
            )
    except DomainError as error:
        return {**_refused(index, error.code, error.faults), "membership": key}
    return {
        "index": index,
        "membership": key,
        "is_done": True,
        "state": membership.state,
        "code": "",
        "errors": [],
    }


def _refused(index: int, code: str, faults: tuple[Fault, ...]) -> dict[str, Any]:
    errors = [{"pointer": fault.pointer, "code": fault.code, "message": str(fault.message)} for fault in faults]
    return {"index": index, "membership": None, "is_done": False, "state": "", "code": code, "errors": errors}
