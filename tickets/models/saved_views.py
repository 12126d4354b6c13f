"""Views of the queue that people keep under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, user: User) -> SavedViewQuerySet:
        """What ``user`` finds above the queue: the shared views, then their own, each in their order."""
        return self.filter(Q(is_shared=True) | Q(owner=user.pk)).order_by("-is_shared", "position", "pk")


class SavedView(models.Model):
    """A tab of the queue with filters, search and order, under a name.

    ``asked`` is what the queue's address holds of them, as ``{name: value}``: a view is read anew each time.
    A shared view is everybody's; leads look after it, whoever made it.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    is_shared = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=40)
    asked = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(is_shared=False), name="saved_view_own_name_once"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(is_shared=True), name="saved_view_shared_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
