"""The page that an invitation leads to: choose a password, and you are in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import Invitation, accept, invite_again, read_invitation
from accounts.forms.contacts import FirstPasswordForm

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The password form where the link opens; else what to do instead."""
    at: datetime = request.at  # type: ignore[attr-defined]
    found = read_invitation(token, at)
    if found is None or found.state != "open":
        return _closed(request, found, at)
    person = found.contact.user
    with translation.override(person.language or "en"):
        form = FirstPasswordForm(person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            joined = accept(token=token, password=form.cleaned_data["new_password1"], at=at)
            if joined is None:
                return _closed(request, read_invitation(token, at), at)
            login(request, joined, backend=BACKEND)
            return redirect("portal:home")
        context = {"form": form, "contact": found.contact}
        return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _closed(request: HttpRequest, found: Invitation | None, at: datetime) -> HttpResponse:
    """A link that does not open: used, over, ended, or none of ours. An expired one sends a new mail."""
    state = found.state if found else "unknown"
    is_sent = request.method == "POST" and state == "expired"
    if found is not None and is_sent:
        invite_again(contact=found.contact, by=None, at=at)
    context = {"state": state, "is_sent": is_sent, "title": _title(state, is_sent)}
    return render(request, "accounts/invitation_closed.html", context, status=200 if is_sent else 410)


def _title(state: str, is_sent: bool) -> str:
    if is_sent:
        return _("A new invitation is on its way")
    return {
        "used": _("You have a password already: sign in"),
        "expired": _("Ask for a new invitation"),
        "ended": _("This invitation was taken back"),
        "unknown": _("This link is not complete"),
    }[state]
