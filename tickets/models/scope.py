"""What is out of scope, what is charged for, and how content the customer is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.enums import Score
from tickets.models.clocks import Clock
from tickets.models.tickets import Ticket


class ExclusionNoteQuerySet(models.QuerySet["ExclusionNote"]):
    def in_force(self) -> ExclusionNoteQuerySet:
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at=None)

    def told(self) -> ExclusionNoteQuerySet:
        """With everything that a page says of them."""
        return self.select_related("clock", "by", "objected_by", "answered_by", "withdrawn_by")


class ExclusionNote(models.Model):
    """A note that a request (without ``clock``), or one of its promises, falls under an exclusion.

    It takes no breach back: reports show both figures. ``code`` is one of the edition's exclusions,
    ``text`` what the customer reads. The customer may object once; staff answer, and uphold the exclusion or
    withdraw it.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="exclusions")
    clock = models.ForeignKey(Clock, null=True, on_delete=models.PROTECT, related_name="exclusions")
    code = models.CharField(_("exclusion"), max_length=50)
    text = models.TextField(_("text to the customer"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objection = models.TextField(_("objection"), blank=True)
    objected_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    objected_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ExclusionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("exclusion note")
        verbose_name_plural = _("exclusion notes")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "clock"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="exclusion_note_once",
            ),
            models.CheckConstraint(
                condition=Q(objected_at=None, objection="") | Q(objected_at__isnull=False),
                name="exclusion_note_objected_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.code}"

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None

    @property
    def may_be_objected_to(self) -> bool:
        """The customer objects once, and to what stands."""
        return self.is_in_force and self.objected_at is None

    @property
    def awaits_an_answer(self) -> bool:
        return self.is_in_force and self.objected_at is not None and self.answered_at is None


class WorkEntryQuerySet(models.QuerySet["WorkEntry"]):
    def standing(self) -> WorkEntryQuerySet:
        """What was worked: without mistakes and the entries that void them."""
        return self.filter(voids=None, voided_by=None)

    def billable(self) -> WorkEntryQuerySet:
        """What the customer may be charged for."""
        return self.standing().filter(is_billable=True)


class WorkEntry(models.Model):
    """Time that somebody of support worked on a ticket; only added to. A mistake is voided by a new entry.

    ``seconds`` were worked up to ``worked_until``.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="work")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    seconds = models.PositiveIntegerField(_("seconds"))
    worked_until = models.DateTimeField(_("until"))
    text = models.CharField(_("what was done"), max_length=500)
    is_billable = models.BooleanField(_("billable"), default=False)
    recorded_at = models.DateTimeField()
    voids = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="voided_by")

    objects = WorkEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("work")
        ordering = ["worked_until", "pk"]
        constraints = [models.CheckConstraint(condition=Q(seconds__gt=0), name="work_takes_time")]
        indexes = [models.Index(fields=["ticket", "worked_until"], name="work_of_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.seconds} s"

    @property
    def worked_since(self) -> datetime:
        return self.worked_until - timedelta(seconds=self.seconds)


class Survey(models.Model):
    """How content the customer is with one closed cycle of a ticket; ``cycle`` counts closings from 1.

    Asked once, answered and changed up to and including ``until``. ``score`` is 1 (bad) to 5 (very good).
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="surveys")
    cycle = models.PositiveIntegerField()
    closed_at = models.DateTimeField()
    until = models.DateTimeField()
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    comment = models.TextField(_("comment"), blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["ticket", "cycle"]
        indexes = [
            # the list in the back office: the newest, those of a score, and by words of the comment
            models.Index(fields=["-closed_at", "-id"], name="survey_by_time"),
            models.Index(
                fields=["score", "-closed_at", "-id"],
                name="survey_by_score",
                condition=Q(score__isnull=False),
            ),
            GinIndex(
                OpClass(Upper("comment"), name="gin_trgm_ops"),
                name="survey_comment_words",
                condition=~Q(comment=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "cycle"], name="survey_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(score=None, answered_at=None)
                | Q(score__gte=1, score__lte=5, answered_at__isnull=False),
                name="survey_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.cycle}"

    @property
    def words(self) -> str:
        """What the score says, such as "Good"; empty while there is none."""
        return str(Score(self.score).label) if self.score else ""
