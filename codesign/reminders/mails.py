"""The mail of an occurrence: in the contact's language, with why, what to do, by when, and one link."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from codesign.reminders.models import NOBODY, Occurrence
from codesign.reminders.sources import Source
from codesign.reporting.models import ReportObligation
from members.people.models import Contact, ContactRole
from registry.kernel.mail import one_address


def compose(occurrence: Occurrence, source: Source, *, at: datetime) -> EmailMessage:
    """A complete mail but for its Message-ID, which the outbox has fixed."""
    contact = occurrence.contact
    assert contact is not None
    language = contact.language
    with translation.override(language):
        context = _context(occurrence, language=language)
        template = f"reminders/{source.subject_type}/{language}.html"
        subject, text, page = (
            render_to_string(template, {**context, "layout": f"reminders/{layout}"})
            for layout in ("subject.txt", "mail.txt", "mail.html")
        )
    mail = EmailMessage()
    # One line: a name with a line break must not open a header of its own.
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = settings.MAIL_FROM
    mail["To"] = one_address(contact.email)
    if reply_to := _reply_to(occurrence, at=at):
        mail["Reply-To"] = reply_to
    mail["Date"] = format_datetime(at)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text.strip() + "\n")
    mail.add_alternative(page, subtype="html")
    mail["Content-Language"] = language  # last: setting the content drops what is said of it
    return mail


def _context(occurrence: Occurrence, *, language: str) -> dict[str, Any]:
    """What the templates say, with dates written out in `language`: the legal day of the company's zone."""
    obligation = ReportObligation.objects.select_related("reporting_year").get(pk=occurrence.subject_id)
    company = occurrence.organisation
    query = urlencode({"company": str(company.pk), "year": obligation.reporting_year.year})
    return {
        "language": language,
        "company": company.name,
        "year": obligation.reporting_year.year,
        "due_on": date_format(occurrence.anchor_on, "DATE_FORMAT"),
        "zone": company.zone,
        "is_overdue": occurrence.step > 0,
        "days": abs(occurrence.step),
        "is_own": occurrence.contact_role == ContactRole.REPORTING_OFFICER,
        "is_demo": company.is_demo,
        "link": f"{settings.PUBLIC_URL}/?{query}#report",
    }


def _reply_to(occurrence: Occurrence, *, at: datetime) -> str:
    """The responsible officer: of the representative, else of the secretariat; "" when there is none.

    Replies never enter the register.
    """
    live = Contact.objects.live(at.date()).order_by("valid_from", "pk")
    officers = live.filter(role=ContactRole.LCR_OFFICER, organisation=occurrence.membership.representative_id or NOBODY)
    officer = officers.first() or live.filter(role=ContactRole.SECRETARIAT).first()
    return one_address(officer.email) if officer else ""
