"""Every address of the register."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from codesign.api.certificate_checks import check_page
from codesign.api.credential_checks import check_page as credential_page
from codesign.api.unsubscribe import unsubscribe
from codesign.api.urls import router as code
from members.api.urls import router as network
from registry.kernel.api import contract

urlpatterns = [
    path("api/v1/", include(contract.urlpatterns)),
    path("api/v1/", include(network.urls)),
    path("api/v1/", include(code.urls)),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/reference/", SpectacularRedocView.as_view(url_name="schema"), name="reference"),
    path("", include("registry.kernel.health")),
    path("", include("registry.kernel.metrics")),
    path("", include("registry.dashboard.urls")),
    path("reminders/unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    path("certificates/", check_page, name="certificate-checks"),
    path("certificates/<str:number>/", check_page, name="certificate-check"),
    path("trained/<str:code>/", credential_page, name="credential-check"),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
]

if settings.MAIL_WEBHOOK_SECRET:
    from codesign.api import mail_webhooks

    mail_webhooks.connect()
    urlpatterns.append(path("anymail/", include("anymail.urls")))

handler400 = "registry.kernel.api.fallbacks.bad_request"
handler403 = "registry.kernel.api.fallbacks.permission_denied"
handler404 = "registry.kernel.api.fallbacks.not_found"
handler500 = "registry.kernel.api.fallbacks.server_error"
handler429 = "members.api.login.too_many_requests"
