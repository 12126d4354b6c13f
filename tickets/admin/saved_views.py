"""The page of saved views: the one that is to be kept, and those that are there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions import Refused
from tickets.actions.saved_views import (
    LONGEST_NAME,
    MOST_VIEWS,
    keep_view,
    move_view,
    remove_view,
    rename_view,
)
from tickets.admin.chips import chips_of, organization_chip
from tickets.desk.asked import Asked, asked_by
from tickets.desk.counting import desk_of
from tickets.models import SavedView
from tickets.typed import whole_number

SHARES = "tickets.change_savedview"


def views_page(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """The view in the address is the one to keep; by POST one thing is done, and a refusal says why not."""
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            return _done(request)
        except Refused as error:
            refusal = error
    views = list(SavedView.objects.offered_to(desk_of(request).user))
    asked = asked_by(request.GET)
    context = base | {
        "title": _("Saved views"),
        "refusal": refusal,
        "name": request.POST.get("name", "") if refusal else "",
        "asked": asked if request.GET else None,
        "parts": _parts(request, asked),
        "own": [_line(view) for view in views if not view.is_shared],
        "shared": [_line(view) for view in views if view.is_shared],
        "shares": _shares(request),
        "longest": LONGEST_NAME,
        "most": MOST_VIEWS,
        "here": request.get_full_path(),
        "back_url": f"{base['queue_url']}?{asked.query()}" if request.GET else base["queue_url"],
    }
    status = 409 if refusal else 200
    return TemplateResponse(request, "admin/tickets/ticket/views.html", context, status=status)


def _done(request: HttpRequest) -> HttpResponse:
    user, shares = desk_of(request).user, _shares(request)
    do, name = request.POST.get("do", ""), request.POST.get("name", "").replace("\x00", "")
    if do == "save":
        asked = asked_by(request.GET)
        shared = "shared" in request.POST
        view = keep_view(owner=user, name=name, asked=asked.kept(), is_shared=shared, shares=shares)
        messages.success(request, _("Saved: “%(name)s”.") % {"name": view.name})
        return HttpResponseRedirect(f"{reverse('admin:tickets_ticket_changelist')}?{asked.query()}")
    view = _view(request)
    if do == "rename":
        rename_view(view=view, actor=user, name=name, shares=shares)
    elif do == "remove":
        remove_view(view=view, actor=user, shares=shares)
        messages.success(request, _("Removed: “%(name)s”.") % {"name": view.name})
    elif do in ("earlier", "later"):
        move_view(view=view, actor=user, earlier=do == "earlier", shares=shares)
    else:
        raise Http404
    return HttpResponseRedirect(request.get_full_path())


def _view(request: HttpRequest) -> SavedView:
    """The view that is meant; somebody else's own does not exist here."""
    key = whole_number(request.POST.get("view", ""))
    rows = SavedView.objects.offered_to(desk_of(request).user)
    found = None if key is None else rows.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _shares(request: HttpRequest) -> bool:
    return bool(request.user.has_perm(SHARES))  # type: ignore[union-attr]


def _line(view: SavedView) -> dict[str, Any]:
    return {
        "view": view,
        "url": f"{reverse('admin:tickets_ticket_changelist')}?{asked_by(view.asked).query()}",
    }


def _parts(request: HttpRequest, asked: Asked) -> list[str]:
    """What is kept, in words."""
    desk = desk_of(request)
    parts = [str(asked.tab.label) if not asked.words else _("Found: %(words)s") % {"words": asked.words}]
    chips = chips_of(asked, asked.wanted.get("severity", ()), _people(asked), desk.user, desk.teams)
    parts += [f"{chip.label}: {chip.value}" for chip in [*chips, organization_chip(asked)] if chip.value]
    return [*parts, _("sorted by %(order)s") % {"order": asked.sorted_by}]


def _people(asked: Asked) -> list[Any]:
    """Who is named in the filters, for their name."""
    key = asked.one("assigned")
    return list(User.objects.filter(pk=int(key), is_staff=True)) if key.isdecimal() and len(key) < 10 else []
