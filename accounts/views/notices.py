"""What a person hears of by mail: the page that the foot of every mail links to."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.notices import NoticesForm
from accounts.mailable import PERSON
from accounts.models import User
from notices.bounces import standing_bounces
from notices.preferences import choices_of, choose, groups_for


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """One choice for each group; those that always come are named, and why."""
    person = cast(User, request.user)
    key = f"{PERSON}{person.pk}"
    groups = groups_for(is_staff=person.is_staff)
    free = [group for group in groups if not group.is_essential]
    form = NoticesForm(free, choices_of(key), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        choose(recipient_key=key, wishes=form.wishes)
        messages.success(request, _("Saved."))
        return redirect("accounts:notices")
    context = {
        "form": form,
        "essential": [group for group in groups if group.is_essential],
        "bounce": standing_bounces([person.email]).get(person.email),
    }
    return render(request, "accounts/notices.html", context, status=422 if form.errors else 200)
