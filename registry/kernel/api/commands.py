"""One unsafe request: one transaction, with idempotency, dry run and tags around the view's method."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from registry.kernel import clock
from registry.kernel.api.problems import MEDIA_TYPE, RETRY_AFTER_SECONDS, KeyReused, describe, exception_handler
from registry.kernel.api.renderers import to_json
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import DomainError, Fault, Invalid, Refused
from registry.kernel.idempotency import actions as idempotency

# Answers that a retry should ask again instead of being told the old one.
NOT_KEPT = {409, 429}
KEPT_HEADERS = ("ETag", "Location")
Work = Callable[[], Response]


def run(request: Request, scope: Any, work: Work, *, keep_answer: bool) -> Response:
    """Do `work` in one transaction; with Idempotency-Key only once per caller and key."""
    dry_run = wants_dry_run(request)
    key = request.headers.get("Idempotency-Key")
    if key is None or dry_run:
        return _once(request, work, dry_run=dry_run)
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= 255:
        raise Invalid("Idempotency-Key has 1 to 255 printable ASCII characters.", code="bad_idempotency_key")
    return _keyed(request, scope, work, key, keep_answer=keep_answer)


def read_in(request: Request) -> None:
    """Take the body in before the transaction begins; one too large is refused here. A spooled form is in."""
    if not hasattr(request._request, "spooled"):
        request._request.body  # noqa: B018


def wants_dry_run(request: Request) -> bool:
    """Whether `?dry_run=true` asks for the result without the effect."""
    value = request.query_params.get("dry_run", "false")
    if value not in {"true", "false"}:
        fault = Fault("?dry_run", "invalid", "Say true or false.")
        raise Invalid(fault.message, faults=(fault,))
    return value == "true"


def _once(request: Request, work: Work, *, dry_run: bool) -> Response:
    with transaction.atomic():
        response = work()
        if dry_run:
            response["Dry-Run-Effects"] = ", ".join(_effects(request))
            transaction.set_rollback(True)
    return response


def _effects(request: Request) -> list[str]:
    """What the change set off: the audit log's actions of this request, in order."""
    events = AuditEvent.objects.filter(request_id=getattr(request, "request_id", "") or "-")
    return list(dict.fromkeys(events.order_by("recorded_at", "pk").values_list("action", flat=True)))


def _keyed(request: Request, scope: Any, work: Work, key: str, *, keep_answer: bool) -> Response:
    now = clock.real_now()
    with transaction.atomic():
        try:
            row, first = idempotency.claim(
                caller=_caller(request, scope),
                key=key,
                fingerprint=_fingerprint(request),
                at=now,
                forget_before=now - settings.API_IDEMPOTENCY_KEPT,
            )
        except OperationalError as error:
            raise Refused(
                "The first request with this key is still running.",
                code="still_running",
                details={"retry_after_seconds": RETRY_AFTER_SECONDS},
            ) from error
        if not first:
            return _replay(request, row)
        response = _guarded(request, work)
        if response.status_code in NOT_KEPT or response.status_code >= 500:
            idempotency.release(row)
        else:
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            idempotency.keep(
                row,
                status=response.status_code,
                headers=headers,
                body=_content(response) if keep_answer or response.status_code >= 400 else None,
            )
    return response


def _content(response: Response) -> bytes:
    """The body as it is sent; an answer that needed its bytes for a tag has them already."""
    return response.data if isinstance(response.data, bytes) else to_json(response.data)


def _guarded(request: Request, work: Work) -> Response:
    """The answer, or the problem, with the effect of a failed attempt rolled back to here."""
    try:
        with transaction.atomic():
            return work()
    except (DomainError, exceptions.APIException, Http404) as error:
        if describe(error)[0] >= 500:
            raise
        return exception_handler(error, {"request": request})


def _replay(request: Request, row: Any) -> Response:
    if row.fingerprint != _fingerprint(request):
        raise KeyReused()
    if row.body is None:
        raise Refused("The first answer held a secret and was not kept.", code="answer_not_kept")
    content_type = MEDIA_TYPE if row.status >= 400 else "application/json"
    headers = {**row.headers, "Idempotent-Replay": "true"}
    return Response(bytes(row.body), status=row.status, headers=headers, content_type=content_type)


def _caller(request: Request, scope: Any) -> str:
    """Who a key belongs to. Strangers are told apart by address, so that none reads another's answer."""
    if scope.token_id is not None:
        return f"token:{scope.token_id}"
    if scope.user_id is not None:
        return f"user:{scope.user_id}"
    return "public:" + hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:32]


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update((request.headers.get("If-Match") or "").encode() + b"\n")
    digest.update(getattr(request._request, "spooled_sha256", None) or request._request.body)
    return digest.hexdigest()
