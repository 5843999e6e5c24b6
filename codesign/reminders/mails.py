"""The mail of one or several occurrences to one person: why it came, what to do, by when, and where."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from codesign.reminders.facts import Facts
from codesign.reminders.models import Occurrence
from codesign.reminders.sources import OWN_ROLES, SOURCES, Source
from registry.kernel.mail import LETTER, one_address

NUDGE = "nudge-"
_UNSUBSCRIBE = signing.TimestampSigner(salt="codesign.reminders.unsubscribe")
# Of languages written from right to left; none is offered to contacts yet, and the mails are ready for them.
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})


def compose(occurrences: list[Occurrence], facts: Facts, *, at: datetime) -> EmailMessage:
    """A complete mail but for its Message-ID, which the outbox has fixed; several items make a digest."""
    contact = occurrences[0].contact
    assert contact is not None
    parts = written(occurrences, facts, language=contact.language)
    mail = EmailMessage(policy=LETTER)
    # One line: a name with a line break must not open a header of its own.
    mail["Subject"] = " ".join(parts["subject"].split())
    mail["From"] = settings.MAIL_FROM
    mail["To"] = one_address(contact.email)
    if officer := facts.officer_of(occurrences[0]):
        mail["Reply-To"] = one_address(officer)
    mail["Date"] = format_datetime(at)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if url := parts["unsubscribe_url"]:
        mail["List-Unsubscribe"] = f"<{url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(parts["text"].strip() + "\n")
    mail.add_alternative(parts["page"], subtype="html")
    mail["Content-Language"] = contact.language  # last: setting the content drops what is said of it
    return mail


def written(occurrences: list[Occurrence], facts: Facts, *, language: str) -> dict[str, str]:
    """Subject, text and page, in a language; and where one click ends it, "" where none does."""
    url = unsubscribe_url(occurrences, optional=facts.optional)
    with translation.override(language):
        items = [_item(row, facts, language=language) for row in occurrences]
        if len(items) == 1:
            template, context, layouts = items[0]["template"], items[0], ("subject.txt", "mail.txt", "mail.html")
        else:
            template, context = f"reminders/common/{language}.html", _digest(items, language=language)
            layouts = ("digest_subject.txt", "digest.txt", "digest.html")
        context = {**context, "unsubscribe_url": url}
        texts = [render_to_string(template, {**context, "layout": f"reminders/{layout}"}) for layout in layouts]
    return {**dict(zip(("subject", "text", "page"), texts, strict=True)), "unsubscribe_url": url}


def _item(occurrence: Occurrence, facts: Facts, *, language: str) -> dict[str, Any]:
    """What the templates say of one occurrence, with dates written out in `language`."""
    organisation, source = occurrence.organisation, SOURCES[occurrence.kind]
    said = facts.of(occurrence)
    is_own = occurrence.contact_role in OWN_ROLES
    return {
        **said,
        "template": f"reminders/{source.words}/{language}.html",
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "auto",
        "company": organisation.name,
        "due_on": date_format(occurrence.anchor_on, "DATE_FORMAT"),
        "month": date_format(occurrence.anchor_on, "YEAR_MONTH_FORMAT"),
        "zone": organisation.zone,
        "is_overdue": occurrence.step > 0,
        "days": abs(occurrence.step),
        "is_own": is_own,
        "is_nudge": occurrence.rule_code.startswith(NUDGE),
        "is_demo": organisation.is_demo,
        "link": screen_of(source, organisation.pk, is_own=is_own, year=said.get("year")),
    }


def screen_of(source: Source, organisation_id: UUID, *, is_own: bool, year: int | None = None) -> str:
    """The address of the screen where it is done: a company's people have a workspace, officers a desk."""
    page = "workspace" if source.company and is_own else "desk"
    query = ({"company": str(organisation_id)} if source.company else {}) | ({"year": str(year)} if year else {})
    return f"{settings.PUBLIC_URL}/{page}/{'?' + urlencode(query) if query else ''}#{source.link}"


def _digest(items: list[dict[str, Any]], *, language: str) -> dict[str, Any]:
    """Several items in one mail: each with its subject line, its reason, its day and its link."""
    for item in items:
        for name, layout in (("heading", "heading.txt"), ("text", "item.txt"), ("page", "item.html")):
            item[name] = render_to_string(item["template"], {**item, "layout": f"reminders/{layout}"}).strip()
    return {
        "language": language,
        "direction": items[0]["direction"],
        "items": items,
        "count": len(items),
        "is_demo": all(item["is_demo"] for item in items),
    }


def unsubscribe_url(occurrences: list[Occurrence], *, optional: Collection[str]) -> str:
    """Where one click ends an optional reminder (RFC 8058); "" when anything in the mail can't be opted out of."""
    codes = {row.rule_code for row in occurrences}
    if codes - set(optional):
        return ""
    token = _UNSUBSCRIBE.sign_object([str(occurrences[0].recipient), sorted(codes)])
    return f"{settings.PUBLIC_URL}/reminders/unsubscribe/{token}/"


def read_unsubscribe(token: str) -> tuple[str, list[str]] | None:
    """Contact and rules of a link that was made here; None for any other. It never expires: old mails count too."""
    try:
        contact, codes = _UNSUBSCRIBE.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(contact), [str(code) for code in codes]
