"""The mail with a link that signs in or lets apply: in the reader's language, with one link and how long it works."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string

from members.access import tokens
from members.access.models import SignInLink
from members.access.rules import SIGN_IN_LINK_LIFETIME
from registry.kernel.mail import one_address
from registry.kernel.outbox.handlers import Settled, Suppressed
from registry.kernel.outbox.models import OutboxMessage

TOPIC = "access.sign_in_link"
SUBJECTS = {
    "sign_in": {"en": "Your link to sign in", "fr": "Votre lien de connexion", "nl": "Uw aanmeldlink"},
    "apply": {
        "en": "Your link to apply to The Code",
        "fr": "Votre lien pour demander l’adhésion à The Code",
        "nl": "Uw link om bij The Code te komen",
    },
}


def build(message: OutboxMessage, at: datetime) -> EmailMessage | Suppressed:
    """The mail, or why it must not go any more. Reads only."""
    link = SignInLink.objects.select_related("user").filter(pk=message.payload["link"]).first()
    if link is None or link.used_at is not None or (link.user is not None and not link.user.is_active):
        return Suppressed("replaced")
    purpose = "apply" if link.opens_application else "sign_in"
    wished = link.user.language if link.user else link.language
    language = wished if wished in SUBJECTS[purpose] else "en"
    context = {
        "link": f"{settings.PUBLIC_URL}/sign-in/{tokens.sign_in_secret(link.pk)}/",
        "minutes": int(SIGN_IN_LINK_LIFETIME.total_seconds() // 60),
    }
    mail = EmailMessage()
    mail["Subject"] = SUBJECTS[purpose][language]
    mail["From"] = settings.MAIL_FROM
    mail["To"] = one_address(link.user.email if link.user else link.email)
    mail["Date"] = format_datetime(at)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(render_to_string(f"access/{purpose}_link/{language}.txt", context))
    mail["Content-Language"] = language
    return mail


def settle(ended: list[Settled], at: datetime) -> None:
    """Nothing hangs on whether it arrived: the person asks for another."""
