"""A team of support: who works together, and which requests come to it by themselves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User

CODE_LENGTH = 120


class TeamQuerySet(models.QuerySet["Team"]):
    def in_use(self) -> TeamQuerySet:
        """Teams that requests may be given to, in the order in which new requests look for one."""
        return self.filter(is_active=True).order_by("position", "name")

    def marked_for(self, user: User) -> TeamQuerySet:
        """The teams with ``is_mine``: whether ``user`` is a member."""
        mine = Team.members.through.objects.filter(team=OuterRef("pk"), user=user.pk)
        return self.annotate(is_mine=Exists(mine))


class Team(models.Model):
    """People of support who share requests.

    ``support_types``, ``products`` and ``plans`` (``policy/plan``) hold codes: a new request comes to the
    first team all of whose lists fit it. An empty list fits everything; a team with none of the three gets
    nothing by itself.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    members = models.ManyToManyField(User, blank=True, related_name="teams", verbose_name=_("members"))
    support_types = ArrayField(
        models.CharField(max_length=CODE_LENGTH), default=list, blank=True, verbose_name=_("kinds of help")
    )
    products = ArrayField(
        models.CharField(max_length=CODE_LENGTH), default=list, blank=True, verbose_name=_("products")
    )
    plans = ArrayField(
        models.CharField(max_length=2 * CODE_LENGTH), default=list, blank=True, verbose_name=_("plans")
    )
    position = models.PositiveSmallIntegerField(
        _("order"),
        default=100,
        help_text=_("Where two teams fit a new request, it comes to the one with the lower number."),
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("A team that is not in use keeps its requests, and gets none.")
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["position", "name"]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="team_has_name")]

    def __str__(self) -> str:
        return self.name

    def fits(self, *, support_type: str, product: str, plan: str) -> bool:
        """Whether a new request with these codes comes here; ``plan`` is ``policy/plan``."""
        asked = ((self.support_types, support_type), (self.products, product), (self.plans, plan))
        wanted = [(codes, code) for codes, code in asked if codes]
        return bool(wanted) and all(code in codes for codes, code in wanted)
