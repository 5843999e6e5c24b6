"""One error shape for everything that is not a result: RFC 9457 problem details."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from registry.kernel import errors
from registry.kernel.api.renderers import to_json
from registry.kernel.errors import DomainError, Fault

logger = logging.getLogger("registry.problems")

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2

TITLES = {
    301: _("Moved for good"),
    400: _("The request is not acceptable"),
    401: _("Log in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("No such representation"),
    409: _("In conflict with the present state"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("Unknown media type"),
    422: _("Same key, another body"),
    428: _("Say which version you mean"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
    503: _("Not available for the moment"),
}

STATUS_OF: tuple[tuple[type[DomainError], int], ...] = (
    (errors.Invalid, 400),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Refused, 409),
    (errors.Stale, 412),
    (errors.TooLarge, 413),
    (errors.Unsupported, 415),
    (errors.Unavailable, 503),
)


class PreconditionRequired(exceptions.APIException):
    """A change came without the tag of the version it is based on."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Send If-Match with the ETag that you read.")


class KeyReused(exceptions.APIException):
    """An Idempotency-Key came again with another request."""

    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = _("This Idempotency-Key was used for another request.")


class FaultSerializer(serializers.Serializer):
    """One thing wrong in what was sent."""

    pointer = serializers.CharField(help_text="JSON pointer into the body, or `?name` for a query parameter.")
    code = serializers.CharField(help_text="Stable code for programs.")
    message = serializers.CharField(help_text="Sentence in the language of Accept-Language.")


class ProblemSerializer(serializers.Serializer):
    """RFC 9457 problem details. `code` is stable; `title`, `detail` and messages are for people."""

    type = serializers.CharField(help_text="URI of the kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField(help_text="Quote it when you ask for help.")
    errors = FaultSerializer(  # type: ignore[assignment]
        many=True, help_text="Every fault found; empty when none belongs to a place."
    )
    details = serializers.DictField(required=False, help_text="More facts for programs, by code.")


def said(sentence: Any) -> str:
    """A sentence of the domain in the language of the request; as it stands where nobody has translated it."""
    text = str(sentence)
    return gettext(text) if text else ""


def problem(
    code: str,
    status_code: int,
    detail: str,
    *,
    request_id: str = "",
    faults: Iterable[Fault] = (),
    details: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of one problem."""
    body: dict[str, Any] = {
        "type": f"/api/docs/problems/#{code}",
        "title": str(TITLES.get(status_code, "")),
        "status": status_code,
        "detail": said(detail),
        "code": code,
        "request_id": request_id,
        "errors": [{"pointer": f.pointer, "code": f.code, "message": said(f.message)} for f in faults],
    }
    if details:
        body["details"] = details
    return body


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Every exception of a view as a problem; what nobody foresaw is logged and says nothing."""
    request_id = getattr(context["request"], "request_id", "")
    status_code, code, detail, faults, details, headers = describe(error)
    body = problem(code, status_code, detail, request_id=request_id, faults=faults, details=details)
    response = Response(body, status=status_code, headers=headers, content_type=MEDIA_TYPE)
    response.exception = True
    return response


Description = tuple[int, str, str, Iterable[Fault], dict[str, Any], dict[str, str]]


def describe(error: Exception) -> Description:
    """Status, code, sentence, faults, details and headers of an exception."""
    if isinstance(error, DomainError):
        number = next((number for kind, number in STATUS_OF if isinstance(error, kind)), 400)
        return number, error.code, error.detail, error.faults, error.details, _headers_of(error, number)
    if isinstance(error, exceptions.ValidationError):
        faults = tuple(flatten(error.detail))
        return 400, "invalid", str(_("What was sent has faults; each is listed.")), faults, {}, {}
    if isinstance(error, exceptions.APIException):
        return _describe_frame(error)
    if isinstance(error, Http404):
        return 404, "not_found", str(_("Not there, or not yours.")), (), {}, {}
    if isinstance(error, PermissionDenied):
        return 403, "forbidden", str(_("You may not do this.")), (), {}, {}
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
        return 413, "body_too_large", str(_("The body is larger than the limit.")), (), {}, {}
    return _describe_database(error)


def _headers_of(error: DomainError, number: int) -> dict[str, str]:
    """What a program acts on without reading the body: when to come again, and the tag that holds now."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if number == 503 or error.code == "still_running" else {}
    return headers | ({"ETag": error.tag} if isinstance(error, errors.Stale) and error.tag else {})


def _describe_frame(error: exceptions.APIException) -> Description:
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait) + 1)
    code = error.get_codes()
    return error.status_code, code if isinstance(code, str) else "invalid", str(error.detail), (), {}, headers


def _describe_database(error: Exception) -> Description:
    """Errors of the database that a client can do something about; the rest is ours."""
    if isinstance(error, IntegrityError):
        logger.info("constraint", extra={"constraint": type(error.__cause__ or error).__name__})
        return 409, "conflict", str(_("Another row stands against this.")), (), {}, {}
    if isinstance(error, DataError):
        return 400, "invalid", str(_("A value does not fit its field.")), (), {}, {}
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("database unavailable", exc_info=error)
        retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return 503, "unavailable", str(_("The database is busy; try again in a moment.")), (), {}, retry
    logger.error("unforeseen", exc_info=error)
    return 500, "internal_error", str(_("This is our fault. It has been noted.")), (), {}, {}


def flatten(detail: Any, pointer: str = "") -> Iterable[Fault]:
    """DRF's nested error detail as faults with JSON pointers."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            place = (
                pointer if key == "non_field_errors" else f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
            )
            yield from flatten(inner, place)
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            if not nested or inner:
                yield from flatten(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield Fault(pointer, getattr(detail, "code", "invalid"), str(detail))


def plain_response(request: HttpRequest, code: str, status_code: int) -> HttpResponse:
    """A problem outside the frame: no route, a broken request, an exception before the view."""
    body = problem(code, status_code, str(TITLES[status_code]), request_id=getattr(request, "request_id", ""))
    return HttpResponse(to_json(body), status=status_code, content_type=MEDIA_TYPE)


__all__ = ["ProblemSerializer", "describe", "exception_handler", "plain_response", "problem", "said", "status"]
