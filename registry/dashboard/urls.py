"""Addresses of the pages."""

from django.urls import include, path

from registry.dashboard import views

urlpatterns = [
    path("", views.home, name="home"),
    path("mailbox/", include("registry.dashboard.mailbox_urls")),
]
