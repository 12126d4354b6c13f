"""Requests in the back office: queue, ticket page and verbs. No field of a row is edited here."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from notices.admin import PlainAdmin
from tickets.admin.acts import ACTS
from tickets.admin.bulk import BULK, choose, take
from tickets.admin.changed import changed
from tickets.admin.drafts import draft
from tickets.admin.files import attachment
from tickets.admin.intake import take_in
from tickets.admin.neighbours import after, still_there
from tickets.admin.page import TicketPage, ticket_or_404
from tickets.admin.presence import present
from tickets.admin.queue import Queue
from tickets.admin.saved_views import views_page
from tickets.admin.verbs import VERBS
from tickets.models import Ticket


@admin.register(Ticket)
class TicketAdmin(PlainAdmin):
    """Change list and change view are pages of our own; each verb has an address."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("mine/", wrap(self.mine_view), name="tickets_ticket_mine"),
            path("views/", wrap(self.views_view), name="tickets_ticket_views"),
            path("changed/", wrap(self.changed_view), name="tickets_ticket_changed"),
            path("take/", wrap(self.take_view), name="tickets_ticket_take"),
            path("several/", wrap(self.several_view), name="tickets_ticket_several"),
            path("several/<slug:act>/", wrap(self.bulk_view), name="tickets_ticket_bulk"),
            path("<int:number>/do/<slug:verb>/", wrap(self.verb_view), name="tickets_ticket_verb"),
            path("<int:number>/act/<slug:act>/", wrap(self.act_view), name="tickets_ticket_act"),
            path("<int:number>/draft/", wrap(self.draft_view), name="tickets_ticket_draft"),
            path("<int:number>/present/", wrap(self.present_view), name="tickets_ticket_present"),
            path("<int:number>/files/<uuid:key>/", wrap(self.file_view), name="tickets_ticket_file"),
        ]
        return own + super().get_urls()

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._queue(request, "")

    def mine_view(self, request: HttpRequest) -> HttpResponse:
        return self._queue(request, "mine" if not request.GET.get("tab") else "")

    def _queue(self, request: HttpRequest, tab: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = self._base(request) | Queue(request, tab).context()
        return TemplateResponse(request, "admin/tickets/ticket/queue.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        # 18 digits fit the column.
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self._ticket(request, TicketPage(request, ticket_or_404(int(object_id))), 200)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history stands on the page itself, complete."""
        return self.change_view(request, object_id)

    def _ticket(self, request: HttpRequest, page: TicketPage, status: int) -> HttpResponse:
        context = self._base(request) | page.context() | {"has_fault": status != 200}
        return TemplateResponse(request, "admin/tickets/ticket/page.html", context, status=status)

    def verb_view(self, request: HttpRequest, number: int, verb: str) -> HttpResponse:
        if verb not in VERBS:
            raise Http404
        self._may_act(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        ticket = ticket_or_404(number)
        response = VERBS[verb](request, ticket, partial(self._ticket, request))
        if "and_next" in request.POST and response.status_code == HTTPStatus.FOUND:
            response["Location"] = after(request, ticket) or response["Location"]
        return still_there(request, response)

    def draft_view(self, request: HttpRequest, number: int) -> HttpResponse:
        self._may_act(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return draft(request, ticket_or_404(number))

    def present_view(self, request: HttpRequest, number: int) -> HttpResponse:
        self._may_act(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return present(request, ticket_or_404(number))

    def act_view(self, request: HttpRequest, number: int, act: str) -> HttpResponse:
        """A page of its own for what takes a look first: merge, split, move."""
        if act not in ACTS:
            raise Http404
        self._may_act(request)
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        return still_there(request, ACTS[act](request, ticket_or_404(number), self._base(request)))

    def take_view(self, request: HttpRequest) -> HttpResponse:
        """Take one request of the list oneself."""
        self._may_act(request)
        return take(request) if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    def several_view(self, request: HttpRequest) -> HttpResponse:
        """From what is ticked in the list to the page of the act that was chosen."""
        self._may_act(request)
        return choose(request) if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    def bulk_view(self, request: HttpRequest, act: str) -> HttpResponse:
        """What is done to several requests: looked at, done, and said of each what came of it."""
        if act not in BULK:
            raise Http404
        self._may_act(request)
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        return BULK[act](request, self._base(request))

    def views_view(self, request: HttpRequest) -> HttpResponse:
        """Views of the queue that people keep: saved, renamed, moved, removed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            self._may_act(request)
        elif request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        return views_page(request, self._base(request))

    def changed_view(self, request: HttpRequest) -> HttpResponse:
        """Whether a view has changed since it was shown."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return changed(request)

    def file_view(self, request: HttpRequest, number: int, key: Any) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return attachment(request, number, key)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take a call or mail: a request that reached support on another way than the portal."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return take_in(request, self._base(request))

    def _may_act(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _base(self, request: HttpRequest) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "opts": self.opts,
            "may_add": self.has_add_permission(request),
            "may_act": self.has_change_permission(request),
            "queue_url": reverse("admin:tickets_ticket_changelist"),
        }
