"""Signing in and applying with a mailed link. Every address gets the same answer, whoever it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.access.actions import sign_in_links
from members.access.throttle import address_of, wait_after
from registry.kernel import clock
from registry.kernel.errors import Refused

PERIOD = 3600
FROM_ONE_PLACE, TO_ONE_ADDRESS, TRIES = 20, 4, 30


class AddressForm(forms.Form):
    """Who wants a link."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    email.widget.attrs.update({"autocomplete": "email", "autofocus": True})


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and the promise that a mail is on its way if the address is known."""
    following = _safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    return _asked(request, "sign_in", sign_in_links.ask, following=following)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """What joining takes, and the same form: the mailed link makes its reader an applicant."""
    ask_to_apply = partial(sign_in_links.ask_to_apply, language=_language())
    return _asked(request, "join", ask_to_apply, following="")


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """A button, then the way in: a program that only looks at links uses none of them up."""
    if request.method != "POST":
        return render(request, "sign_in/enter.html")
    if response := _throttled(request, f"try:{_place(request)}", TRIES):
        return response
    try:
        user = sign_in_links.spend(secret=secret, at=clock.now(), now=clock.real_now())
    except Refused:
        return render(request, "sign_in/closed.html", status=410)
    following = _safe_next(request, request.session.pop("after_sign_in", ""))
    # The framework's own way in: with a second factor it asks for it.
    return perform_login(request, user, redirect_url=following or "/workspace/")


def _asked(request: HttpRequest, folder: str, mail: Callable[..., None], *, following: str) -> HttpResponse:
    """The form of `folder`, or that a mail is on its way; `mail` puts it there."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, f"{folder}/ask.html", {"form": form, "next": following, "page": folder})
    email = form.cleaned_data["email"].lower()
    if response := _throttled(request, f"place:{_place(request)}", FROM_ONE_PLACE):
        return response
    # Too many to one address: the answer is the same, and no mail goes.
    if not _wait(f"address:{email}", TO_ONE_ADDRESS):
        mail(email=email, at=clock.now(), now=clock.real_now())
    request.session["after_sign_in"] = following
    return render(request, f"{folder}/sent.html", {"email": email, "page": folder})


def _language() -> str:
    """The language of the page, as a log-in keeps it."""
    return (get_language() or "en").partition("-")[0]


def _throttled(request: HttpRequest, subject: str, limit: int) -> HttpResponse | None:
    if wait := _wait(subject, limit):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(wait)
        return response
    return None


def _wait(subject: str, limit: int) -> int | None:
    now = clock.real_now().timestamp()
    return wait_after("sign-in-link", (subject,), limit=limit, period=PERIOD, now=now)


def _place(request: HttpRequest) -> str:
    return address_of(request.META, proxies=settings.NUM_PROXIES)


def _safe_next(request: HttpRequest, address: str) -> str:
    """Where to go on; only to a page of ours."""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}) else ""
