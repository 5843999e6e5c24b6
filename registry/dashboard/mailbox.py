"""The mail box of the embedded default: what would have left, for staff to read. Absent when mails go by SMTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_binary_file
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path

from csp.decorators import csp
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.kernel.mail import mailbox_folder

View = Callable[..., HttpResponseBase]
PAGE_SIZE = 50
_KEY = re.compile(r"[A-Za-z0-9_.,=:+-]{1,200}")


@dataclass(frozen=True)
class Letter:
    """One mail as the page shows it."""

    key: str
    sent_at: datetime | None
    recipient: str
    subject: str
    is_demo: bool


def staff_only(view: View) -> View:
    """A view for staff: others are asked to log in, or find nothing when they have."""

    @wraps(view)
    def guarded(request: HttpRequest, **url: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise Http404
        return view(request, **url)

    return guarded


@staff_only
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest mails first, a page at a time."""
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    files = _files()
    shown = files[(max(page, 1) - 1) * PAGE_SIZE :][:PAGE_SIZE]
    letters = [_letter(file.name, _read(file)) for file in shown]
    context = {"letters": letters, "page": page, "total": len(files), "has_more": len(files) > page * PAGE_SIZE}
    return _private(render(request, "mailbox/inbox.html", context))


@staff_only
@require_safe
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: its headers and its text."""
    message = _read(_file(key))
    headers = [(name, str(value)) for name, value in message.items() if not name.lower().startswith("content-")]
    part = message.get_body(("plain",))
    context = {
        "letter": _letter(key, message),
        "headers": headers,
        "text": part.get_content() if part else "",
        "has_page": message.get_body(("html",)) is not None,
    }
    return _private(render(request, "mailbox/letter.html", context))


@staff_only
@require_safe
@csp(  # type: ignore[arg-type]  # its stub knows only views without a key
    {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": ["allow-popups"]}
)
def page(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part alone, as a mail program would show it: in a sandbox, with no script and no other host."""
    part = _read(_file(key)).get_body(("html",))
    if part is None:
        raise Http404
    return _private(HttpResponse(part.get_content()))


def _files() -> list[Path]:
    """The mails, newest first: the name of a file in a Maildir begins with its second."""
    folder = mailbox_folder()
    if folder is None:
        raise Http404
    found = [file for part in ("new", "cur") if (folder / part).is_dir() for file in (folder / part).iterdir()]
    return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)


def _file(key: str) -> Path:
    """The file of a key out of an address: only plain names, only in the mail box."""
    folder = mailbox_folder()
    if folder is None or _KEY.fullmatch(key) is None or key.startswith("."):
        raise Http404
    for part in ("new", "cur"):
        if (file := folder / part / key).is_file():
            return file
    raise Http404


def _read(file: Path) -> EmailMessage:
    with file.open("rb") as content:
        message = message_from_binary_file(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def _letter(key: str, message: EmailMessage) -> Letter:
    subject = str(message["Subject"] or "")
    sent = str(message["Date"] or "")
    return Letter(
        key=key,
        sent_at=parsedate_to_datetime(sent) if sent else None,
        recipient=str(message["To"] or ""),
        subject=subject.removeprefix("[DEMO] "),
        is_demo=subject.startswith("[DEMO] "),
    )


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
