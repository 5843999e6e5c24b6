"""Addresses of the mail box, below /mailbox/."""

from __future__ import annotations

from django.urls import path

from registry.dashboard import mailbox

urlpatterns = [
    path("", mailbox.inbox, name="mailbox"),
    path("<str:key>/", mailbox.letter, name="mailbox-letter"),
    path("<str:key>/page/", mailbox.page, name="mailbox-page"),
]
