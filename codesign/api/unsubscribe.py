"""One click ends an optional reminder (RFC 8058): the link in the mail, without a log-in."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from codesign.reminders import actions
from codesign.reminders.mails import read_unsubscribe
from members.people.models import Contact, ContactLanguage
from registry.kernel import clock


@csrf_exempt  # the mail program posts here by itself; the signed link says who and what
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, because programs open links to look at them; do it on POST."""
    found = read_unsubscribe(token)
    if found is None:
        raise Http404
    contact, codes = found
    is_done = request.method == "POST"
    if is_done:
        actions.opt_out(contact_id=UUID(contact), rule_codes=codes, at=clock.now())
    # In the language of the mail that the link came with; of a contact who is gone, in English.
    language = Contact.objects.filter(pk=contact).values_list("language", flat=True).first() or ContactLanguage.EN
    response = render(
        request, f"reminders/unsubscribe/{language}.html", {"is_done": is_done, "language": language.lower()}
    )
    response["Content-Language"] = language
    return response
