"""A documented part of xAPI 1.0.3: learning systems say who completed what, under the standard's own address."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import dateparse
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from codesign.statements import actions
from codesign.statements.actions import Said
from codesign.statements.models import Statement
from codesign.statements.rules import VERSION, is_version
from members.scope import Scope
from registry.kernel.api.bodies import Body
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import RowSerializer
from registry.kernel.api.views import ResourceViews, command, query
from registry.kernel.calendar import EARLIEST, LATEST
from registry.kernel.errors import Invalid
from registry.kernel.ids import new_id

# The ids of the statements, in their order.
XAPI_IDS = {"type": "array", "items": {"type": "string", "format": "uuid"}}
VERSION_HEADER = "X-Experience-API-Version"


class XapiAccount(serializers.Serializer):
    """Who: the company, and its own employee reference."""

    homePage = serializers.CharField(max_length=300, help_text="Names the company by its id, or is the system's own.")
    name = serializers.CharField(max_length=200, help_text="Employee reference; never a name.")


class XapiActor(serializers.Serializer):
    """An actor by account. Names and mail addresses are not taken."""

    account = XapiAccount()


class XapiVerb(serializers.Serializer):
    """What happened."""

    id = serializers.CharField(max_length=200, help_text="`…/completed` and `…/passed` are recorded.")


class XapiActivity(serializers.Serializer):
    """The course."""

    id = serializers.CharField(max_length=300, help_text="IRI that ends with the code of a course.")


class XapiResult(serializers.Serializer):
    """How it went; a statement that says no is not recorded."""

    success = serializers.BooleanField(required=False)
    completion = serializers.BooleanField(required=False)


@extend_schema_serializer(component_name="XapiStatement")
class XapiStatement(serializers.Serializer):
    """A statement; what else the standard allows in one is read over and not kept."""

    id = serializers.UUIDField(required=False)
    actor = XapiActor()
    verb = XapiVerb()
    object = XapiActivity()
    result = XapiResult(required=False)
    timestamp = serializers.CharField(required=False, max_length=40, help_text="ISO 8601; now by default.")

    def validate_timestamp(self, value: str) -> datetime:
        """A moment with a zone."""
        try:
            found = dateparse.parse_datetime(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None or not EARLIEST < found.date() < LATEST:
            raise serializers.ValidationError("A moment as ISO 8601 has it, with its zone.", code="invalid")
        return found


class StatementParams(Body):
    """Which statement."""

    statementId = serializers.UUIDField(help_text="Id of the statement.")


class XapiStatementAnswer(serializers.Serializer):
    """A statement as far as it is kept."""

    id = serializers.UUIDField()
    actor = XapiActor()
    verb = XapiVerb()
    object = XapiActivity()
    timestamp = serializers.DateTimeField()
    stored = serializers.DateTimeField()
    version = serializers.CharField()


class StatementViews(ResourceViews):
    """Statements of learning systems (xAPI 1.0.3, the part that tells of completions).

    Recorded: verbs `completed` and `passed`, an actor by account (company and employee reference), a course by an
    IRI that ends with its code. Other verbs and courses that the register does not know are acknowledged and not
    kept. Refused: an actor by mail address, somebody whom no roster names, voiding. A system that asks for a key and
    a secret gets its token in two.
    """

    resource = "xapi/statements"
    tag = "Training"
    row = RowSerializer
    has_slash = False
    takes_basic = True
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Statement.objects.visible_to(scope)

    @command(
        body=XapiStatement,
        many=True,
        answer=XAPI_IDS,
        summary="Take statements.",
        errors=(409,),
        example={
            "id": "7ccd1322-e1a5-411a-a67d-6a735c76f119",
            "actor": {"account": {"homePage": "https://lms.fictif.example", "name": "BRU-0012"}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": "https://lms.fictif.example/courses/the-code-basics"},
            "timestamp": "2026-11-02T10:15:00+01:00",
        },
    )
    def create(self, call: Call) -> list[str]:
        """One or a list, all or none; the ids, as the standard has it. The same id again changes nothing."""
        _require_version(call)
        if call.item_faults:
            faults = tuple(fault for found in call.item_faults.values() for fault in found)
            raise Invalid("A statement has faults; none is taken.", faults=faults)
        said = [_said(item, item.get("id") or new_id(), call) for item in call.data]
        actions.take(statements=said, actor=call.scope, at=call.at)
        return [str(one.id) for one in said]

    @command(
        detail=False,
        body=XapiStatement,
        params=StatementParams,
        status=204,
        summary="Take a statement under its id.",
        errors=(409,),
        example={
            "actor": {"account": {"homePage": "https://lms.fictif.example", "name": "BRU-0012"}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
            "object": {"id": "https://lms.fictif.example/courses/the-code-basics"},
        },
    )
    def replace(self, call: Call) -> Any:
        """The same again changes nothing; another under the same id is 409."""
        _require_version(call)
        key = call.url["statementId"]
        if call.data.get("id", key) != key:
            raise Invalid.at("/id", "mismatch", "The statement names another id than the address.")
        actions.take(statements=[_said(call.data, key, call)], actor=call.scope, at=call.at)
        return None

    @query(
        path="",
        params=StatementParams,
        answer=XapiStatementAnswer,
        summary="Read one's own statement.",
        errors=(400, 404),
    )
    def fetch(self, call: Call) -> dict[str, Any]:
        """What is kept of it. One that was acknowledged and not recorded is not found."""
        _require_version(call)
        rows = Statement.objects.visible_to(call.scope).filter(statement_id=call.data["statementId"])
        row = rows.select_related("completion__staff_member").first()
        if row is None:
            raise Http404
        account = {"homePage": row.home_page, "name": row.completion.staff_member.reference}
        return {
            "id": row.statement_id,
            "actor": {"account": account},
            "verb": {"id": row.verb},
            "object": {"id": row.activity},
            "timestamp": row.said_at,
            "stored": row.stored_at,
            "version": VERSION,
        }


def _require_version(call: Call) -> None:
    if not is_version(call.request.headers.get(VERSION_HEADER, "")):
        raise Invalid(f"Send the header {VERSION_HEADER}: {VERSION}.", code="xapi_version")


def _said(item: dict[str, Any], key: UUID, call: Call) -> Said:
    account, result = item["actor"]["account"], item.get("result") or {}
    return Said(
        id=key,
        home_page=account["homePage"],
        account=account["name"],
        verb=item["verb"]["id"],
        activity=item["object"]["id"],
        said_at=item.get("timestamp") or call.at,
        counts=result.get("success", True) and result.get("completion", True),
    )
