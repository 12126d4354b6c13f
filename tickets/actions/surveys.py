"""How content the customer is: answered once for each closing, and changed while the window lasts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.enums import EventKind, Score, Side
from tickets.models import Survey


def survey_over() -> Refused:
    """The window of a survey has ended."""
    return Refused(
        "survey_over",
        _("The time to rate this is over: your answer stays as it is."),
        _("Write to support if there is more to say; it opens a new request, linked to this one."),
    )


def rate(*, survey: Survey, actor: User, at: datetime, score: int, comment: str = "") -> Survey:
    """Answer a survey, or change the answer, up to and including its ``until``.

    The comment is kept on the survey alone, and stays its writer's where somebody else changes the score and
    writes none. Raises Refused: ``survey_over``, ``no_score``.
    """
    if score not in Score.values:
        raise Refused("no_score", _("This is no score."), _("Choose one from 1 to 5."))
    with transaction.atomic():
        ticket = locked(survey.ticket)
        fresh = Survey.objects.get(pk=survey.pk)
        if at > fresh.until:
            raise survey_over()
        before = fresh.comment
        comment = comment.strip()
        is_anothers = fresh.comment != "" and fresh.answered_by_id != actor.pk and not comment
        if not is_anothers:
            fresh.comment, fresh.answered_by = comment, actor
        if (fresh.score, fresh.comment) == (score, before):
            return fresh
        is_new_score = fresh.score != score
        if fresh.answered_at is None:
            fresh.answered_at = at
        else:
            fresh.changed_at = at
        fresh.score = score
        fresh.save()
        if is_new_score:
            data = {"cycle": fresh.cycle, "score": score}
            record(ticket, EventKind.SURVEYED, at=at, actor=actor, side=Side.CUSTOMER, data=data)
    return fresh
