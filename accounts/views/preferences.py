"""A person's own page: profile and preferences."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.preferences import PreferencesForm, zone_names
from accounts.models import User

_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Name, phone, language, zone and theme; saved, the next page is written accordingly."""
    # A copy: what a form finds wrong must not show in the bar of the page that says so.
    person = User.objects.get(pk=cast(User, request.user).pk)
    theme = request.COOKIES.get("theme", "auto")
    form = PreferencesForm(request.POST or None, instance=person, initial={"theme": theme})
    if request.method == "POST" and form.is_valid():
        return _saved(request, form)
    context = {"form": form, "zones": zone_names()}
    return render(request, "accounts/preferences.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: PreferencesForm) -> HttpResponse:
    person: User = form.save()
    with translation.override(person.language):
        messages.success(request, _("Saved."))
    response = redirect("accounts:preferences")
    response.set_cookie(
        "theme",
        form.cleaned_data["theme"] or "auto",
        max_age=_YEAR,
        samesite="Lax",
        secure=request.is_secure(),
    )
    # The profile's language counts from now on, whatever this browser was told before.
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH)
    return response
