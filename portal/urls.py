"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal import health, home
from portal.metrics import metrics

handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", include(([path("", home.home, name="home")], "portal"))),
    path("", include("tickets.urls")),
    path("", include("plans.urls")),
    path("", include("accounts.people_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("account/", include("allauth.urls")),
    path("profile/", include("accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("portal.api_urls")),
]

if settings.DEBUG:
    from portal.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
