"""What helps people who work on tickets: drafts, watchers, canned replies, who else is there."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.standing import standing_of
from plans.models import Policy
from tickets.enums import Doing
from tickets.models.tickets import Ticket


class DraftQuerySet(models.QuerySet["Draft"]):
    def reachable_by(self, user: User, at: datetime) -> DraftQuerySet:
        """The person's own drafts whose request or organization still exists for them, the newest first."""
        standing = standing_of(user, at)
        asked = [pk for pk in standing.organization_ids if standing.may_act_for(pk)]
        seen = Q(ticket__in=Ticket.objects.visible_to(user, at).order_by().values("pk"))
        rows = self.filter(user=user).filter(seen | Q(ticket=None, organization__in=asked))
        return rows.select_related("ticket", "organization").order_by("-updated_at", "-pk")


class Draft(models.Model):
    """What a person typed and did not send.

    ``place`` names the form: ``new`` (one for an organization) or ``reply`` (one for a ticket; of staff, an
    answer or a note). ``data`` is ``{"fields": {name: text}, "key"}``; ``key`` is the one of the form that
    saved it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=20)
    organization = models.ForeignKey(Organization, null=True, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="drafts")
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "place", "organization", "ticket"], nulls_distinct=False, name="draft_once"
            ),
        ]
        indexes = [models.Index(fields=["updated_at"], name="draft_age")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.place} {self.ticket_id or ''}"


class Watcher(models.Model):
    """A person who is told what happens to a ticket besides those it concerns anyway."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="watched")
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="watcher_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.user_id}"


class CannedReply(models.Model):
    """A text that staff put into a reply. Placeholders are ``{name}`` as ``tickets.canned`` lists them."""

    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    policy = models.ForeignKey(
        Policy, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("policy")
    )
    body = models.TextField(_("text"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ["title", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "language", "policy"], nulls_distinct=False, name="canned_reply_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Presence(models.Model):
    """Who looks at a ticket, and whether they write; true for a moment after ``seen_at``."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="present")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    doing = models.CharField(max_length=10, choices=Doing.choices, default=Doing.VIEWING)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_age")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.user_id} {self.doing}"
