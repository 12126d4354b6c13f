"""``exclusions/``, ``surveys/`` and ``work/`` of a ticket: out of scope or not, how content, what it took."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.describing import CONDITIONAL, NOT_MODIFIED, page_of, reads, writes
from accounts.api.paging import Keyset, page
from accounts.api.reading import ListQuery, instant, invalid, read_body, read_query
from tickets.actions import Refused
from tickets.actions.exclusions import object_to
from tickets.actions.surveys import rate
from tickets.actions.work import log_work
from tickets.api.base import TicketView
from tickets.api.examples import EXCLUSION, EXCLUSIONS, RATING, SURVEY, SURVEYS, WORK, WORK_LIST
from tickets.api.shapes_of_scope import (
    ExclusionDocument,
    ObjectionBody,
    RatingBody,
    SurveyDocument,
    WorkBody,
    WorkDocument,
)
from tickets.models import ExclusionNote, Survey, WorkEntry

_BIGGEST = 2**63 - 1
NOTES = Keyset("exclusions", ("at", "pk"))
BY_CYCLE = Keyset("surveys", ("cycle",))
ENTRIES = Keyset("work", ("worked_until", "pk"))


class Exclusions(TicketView):
    @extend_schema(
        operation_id="list_exclusions",
        tags=["scope"],
        summary="What support has noted as out of scope",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[EXCLUSIONS],
        responses={200: page_of(ExclusionDocument, "ExclusionPage"), 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(ListQuery, request.query_params)
        rows = self.ticket.exclusions.select_related("clock")
        return Response(page(request, rows, NOTES, query, exclusion_document))


class Objection(TicketView):
    note: ExclusionNote

    def find(self, number: int, id: int) -> None:  # type: ignore[override]
        super().find(number)
        found = self.ticket.exclusions.filter(pk=min(id, _BIGGEST)).first()
        if found is None:
            raise Http404
        self.note = found

    @extend_schema(
        operation_id="object_to_exclusion",
        tags=["scope"],
        summary="Object to an exclusion, once",
        description="A lead of support answers. Refused with `objected_already` and `not_in_force`.",
        request=ObjectionBody,
        examples=[EXCLUSION],
        responses={200: ExclusionDocument} | writes(404),
    )
    def post(self, request: Request, number: int, id: int) -> Response:
        body = read_body(ObjectionBody, request.data)
        if self.standing.is_staff:
            raise Refused(
                "customer_only",
                _("Only the customer objects."),
                _("Withdraw the exclusion, with a reason, if it is wrong."),
            )
        object_to(note=self.note, actor=self.user, at=self.at, text=body["reason"])
        fresh = ExclusionNote.objects.select_related("clock").get(pk=self.note.pk)
        return Response(exclusion_document(fresh))


class SurveyView(TicketView):
    def document(self, row: Survey) -> dict[str, Any]:
        """A comment is read by its writer and by support."""
        is_theirs = self.standing.is_staff or row.answered_by_id == self.user.pk
        return {
            "cycle": row.cycle,
            "closed_at": instant(row.closed_at),
            "until": instant(row.until),
            "score": row.score,
            "comment": row.comment if is_theirs else None,
            "answered_at": instant(row.answered_at),
            "changed_at": instant(row.changed_at),
        }


class Surveys(SurveyView):
    @extend_schema(
        operation_id="list_surveys",
        tags=["scope"],
        summary="How content the customer was with each closing",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[SURVEYS],
        responses={200: page_of(SurveyDocument, "SurveyPage"), 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(ListQuery, request.query_params)
        return Response(page(request, self.ticket.surveys.all(), BY_CYCLE, query, self.document))


class OneSurvey(SurveyView):
    survey: Survey

    def find(self, number: int, cycle: int) -> None:  # type: ignore[override]
        super().find(number)
        found = self.ticket.surveys.filter(cycle=min(cycle, 2**31 - 1)).first()
        if found is None:
            raise Http404
        self.survey = found

    @extend_schema(
        operation_id="rate_ticket",
        tags=["scope"],
        summary="Say how content you are, or change it",
        description=(
            "By who asked, or by an administrator, up to and including `until`. Refused with `not_yours` and "
            "`survey_over`."
        ),
        request=RatingBody,
        examples=[RATING, SURVEY],
        responses={200: SurveyDocument} | writes(404),
    )
    def post(self, request: Request, number: int, cycle: int) -> Response:
        body = read_body(RatingBody, request.data)
        is_asker = self.ticket.requester_id == self.user.pk
        if self.standing.is_staff or not (is_asker or self.standing.administers(self.ticket.organization_id)):
            raise Refused(
                "not_yours",
                _("A request is rated by the person who asked, or by an administrator."),
                _("Tell them what you think of it."),
            )
        given = {"score": body["score"], "comment": body.get("comment", "")}
        rated = rate(survey=self.survey, actor=self.user, at=self.at, **given)
        return Response(self.document(rated))


class Work(TicketView):
    """The log of work is support's own: for everybody else it does not exist."""

    def find(self, number: int) -> None:  # type: ignore[override]
        super().find(number)
        if not self.standing.is_staff:
            raise Http404

    @extend_schema(
        operation_id="list_work",
        tags=["scope"],
        summary="What it took: for staff alone",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[WORK_LIST],
        responses={200: page_of(WorkDocument, "WorkPage"), 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(ListQuery, request.query_params)
        rows = self.ticket.work.select_related("person")
        return Response(page(request, rows, ENTRIES, query, work_document))

    @extend_schema(
        operation_id="log_work",
        tags=["scope"],
        summary="Log time that you worked: for staff alone",
        description=(
            "Refused with `work_overlaps` (the same minutes twice) and `no_rate` (nothing may be charged)."
        ),
        request=WorkBody,
        examples=[WORK],
        responses={201: OpenApiResponse(WorkDocument, "Logged")} | writes(404),
    )
    def post(self, request: Request, number: int) -> Response:
        body = read_body(WorkBody, request.data)
        until: datetime = body.get("worked_until", self.at).replace(microsecond=0)
        if until > self.at:
            raise invalid("worked_until", "in_future", _("This time has not come yet."))
        entry = log_work(
            ticket=self.ticket,
            actor=self.user,
            at=self.at,
            seconds=body["seconds"],
            worked_until=until,
            text=body["text"],
            is_billable=body.get("is_billable", False),
        )
        return Response(work_document(entry), status=201)


def exclusion_document(row: ExclusionNote) -> dict[str, Any]:
    """What is noted, and what became of it; who of support wrote it is not told."""
    return {
        "id": row.pk,
        "code": row.code,
        "metric": row.clock.metric if row.clock else None,
        "cycle": row.clock.cycle if row.clock else None,
        "text": row.text,
        "created_at": instant(row.at),
        "objection": row.objection or None,
        "objected_at": instant(row.objected_at),
        "answer": row.answer or None,
        "answered_at": instant(row.answered_at),
        "withdrawn_at": instant(row.withdrawn_at),
    }


def work_document(row: WorkEntry) -> dict[str, Any]:
    return {
        "id": row.pk,
        "person": row.person.email,
        "seconds": row.seconds,
        "worked_until": instant(row.worked_until),
        "text": row.text,
        "is_billable": row.is_billable,
        "recorded_at": instant(row.recorded_at),
        "voids": row.voids_id,
    }
