"""Mail to sort: what came in and became nothing by itself, why, and what staff make of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from notices.admin import ReadOnlyAdmin
from tickets import actions
from tickets.actions import mail as verbs
from tickets.admin.mail_page import AddForm, DismissForm, MailPage, reason_words
from tickets.enums import MailState
from tickets.models import IncomingMail, Ticket

ALL = "all"
Verb = Callable[[HttpRequest, IncomingMail], str]


class StateFilter(admin.SimpleListFilter):
    """What became of it; at first what waits to be sorted."""

    title = _("what became of it")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        others = [(code, label) for code, label in MailState.choices if code != MailState.HELD]
        return [*others, (ALL, _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        yield first | {"display": _("To sort")}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[IncomingMail]) -> QuerySet[IncomingMail]:
        if self.value() == ALL:
            return queryset
        return queryset.filter(state=self.value() or MailState.HELD)


@admin.register(IncomingMail)
class IncomingMailAdmin(ReadOnlyAdmin):
    list_title = _("Mail to sort")
    list_help = _("Mail of which nothing was made by itself, and why. What was sorted stays on record.")
    list_display = ("received_at", "shown_subject", "from_email", "why", "became")
    list_display_links = ("received_at", "shown_subject")
    sortable_by = ("received_at",)
    list_filter = (StateFilter,)
    list_select_related = ("ticket",)
    search_fields = ("from_email__istartswith",)
    search_help_text = _("Sender's address, from its start")
    ordering = ("-received_at", "-pk")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:verb>/", wrap(self.verb_view), name="tickets_incomingmail_verb"),
            path("<int:pk>/raw/", wrap(self.raw_view), name="tickets_incomingmail_raw"),
        ]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[IncomingMail]:
        return super().get_queryset(request).defer("raw")

    @admin.display(description=_("subject"), ordering="subject")
    def shown_subject(self, mail: IncomingMail) -> str:
        return mail.subject or _t("(no subject)")

    @admin.display(description=_("why"))
    def why(self, mail: IncomingMail) -> str:
        return reason_words(mail.reason)

    @admin.display(description=_("what became of it"))
    def became(self, mail: IncomingMail) -> str:
        if mail.ticket_id is None:
            return str(mail.get_state_display())
        there = reverse("admin:tickets_ticket_change", args=[mail.ticket_id])
        return format_html('{} <a href="{}">#{}</a>', mail.get_state_display(), there, mail.ticket_id)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self._page(request, self._mail(request, object_id), 200)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is nothing to see but the mail itself."""
        return self.change_view(request, object_id)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        if verb not in VERBS:
            raise Http404
        mail = self._mail(request, str(pk))
        if not self.may_sort(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            done = VERBS[verb](request, mail)
        except actions.Refused as refusal:
            mail = self._mail(request, str(pk))
            return self._page(request, mail, 409, refused=refusal, given=request.POST)
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:tickets_incomingmail_changelist"))

    def raw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The mail byte for byte, for a mail program; a browser saves it and never shows it."""
        mail = self._mail(request, str(pk))
        if mail.emptied_at is not None:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return HttpResponse(
            bytes(mail.raw),
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="mail-{mail.pk}.eml"',
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )

    def may_sort(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("tickets.change_incomingmail"))

    def _mail(self, request: HttpRequest, key: str) -> IncomingMail:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not key.isdecimal() or len(key) > 18:
            raise Http404
        rows = IncomingMail.objects.select_related("ticket", "person", "handled_by")
        mail = rows.filter(pk=key).first()
        if mail is None:
            raise Http404
        return mail

    def _page(self, request: HttpRequest, mail: IncomingMail, status: int, **extra: Any) -> HttpResponse:
        page = MailPage(mail, at_of(request), self.may_sort(request), extra.get("given"))
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": _("Mail")}
        context |= page.context() | extra
        return TemplateResponse(request, "admin/tickets/mail/page.html", context, status=status)


def add(request: HttpRequest, mail: IncomingMail) -> str:
    """Into a request: in its sender's name, or as a note."""
    form = AddForm(request.POST, prefix="add")
    ticket = Ticket.objects.filter(pk=form.number).first() if form.number is not None else None
    if ticket is None:
        raise actions.Refused(
            "no_such_request", _t("There is no request with this number."), _t("Write the request's number.")
        )
    message = verbs.add_to_request(
        mail=mail,
        ticket=ticket,
        actor=request.user,  # type: ignore[arg-type]
        at=at_of(request),
        as_customer=form.is_as_customer,
    )
    return _t("Added to request #%(number)s.") % {"number": message.ticket_id}


def dismiss(request: HttpRequest, mail: IncomingMail) -> str:
    form = DismissForm(request.POST, prefix="dismiss")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    verbs.dismiss(mail=mail, actor=request.user, at=at_of(request), reason=reason)  # type: ignore[arg-type]
    return _t("Dismissed. It stays on record.")


def try_again(request: HttpRequest, mail: IncomingMail) -> str:
    verbs.try_again(mail=mail, actor=request.user, at=at_of(request))  # type: ignore[arg-type]
    verbs.handle_one(key=mail.pk, at=at_of(request))
    mail.refresh_from_db()
    words = {"state": mail.get_state_display(), "reason": reason_words(mail.reason)}
    return _t("Tried again: %(state)s. %(reason)s") % words


def at_of(request: HttpRequest) -> datetime:
    return request.at  # type: ignore[attr-defined, no-any-return]


VERBS: dict[str, Verb] = {"add": add, "dismiss": dismiss, "again": try_again}
