"""Addresses of the pages."""

from django.urls import include, path

from registry.dashboard import signing_in, views

urlpatterns = [
    path("", views.page, {"name": "overview"}, name="home"),
    path("figures/", views.page, {"name": "figures"}, name="figures"),
    path("where-to-report/", views.page, {"name": "finder"}, name="finder"),
    path("desk/", views.page, {"name": "desk"}, name="desk"),
    path("companies/", views.page, {"name": "companies"}, name="companies"),
    path("companies/<uuid:id>/", views.page, {"name": "company"}, name="company"),
    path("workspace/", views.page, {"name": "workspace"}, name="workspace"),
    path("invitation/", views.page, {"name": "invitation"}, name="invitation"),
    path("join/", signing_in.join, name="join"),
    path("sign-in/", signing_in.ask, name="sign-in"),
    path("sign-in/<str:secret>/", signing_in.enter, name="sign-in-link"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("mailbox/", include("registry.dashboard.mailbox_urls")),
]
