"""``messages/`` and ``attachments/`` of a ticket."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import etag_of, unchanged
from accounts.api.describing import (
    CONDITIONAL,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    LOCATION,
    NOT_MODIFIED,
    REPLAYED,
    page_of,
    reads,
    writes,
)
from accounts.api.paging import Keyset, page
from accounts.api.reading import ListQuery, NoQuery, TooLarge, invalid, read_body, read_query
from accounts.models import User
from tickets.actions import Refused, faults_of_files, follow_up, hear, note, say
from tickets.actions.files import safe_name
from tickets.api.base import TicketView
from tickets.api.documents import attachment_document, message_document
from tickets.api.examples import FILES, MESSAGE, MESSAGES
from tickets.api.idempotency import once
from tickets.api.shapes import AttachmentDocument, FileBody, MessageBody, MessageDocument
from tickets.enums import Visibility
from tickets.handing_out import FileLink, handed_out
from tickets.models import Attachment, Message, Ticket

IN_ORDER = Keyset("messages", ("at", "pk"))
BY_ID = Keyset("attachments", ("pk",))
_FORM_BYTES = 64 * 1024


class ConversationView(TicketView):
    """Messages and files; internal ones exist for staff alone."""

    def messages(self) -> Any:
        rows = self.ticket.messages.visible_to(self.request.user, self.at)  # type: ignore[arg-type]
        return rows.select_related("author").prefetch_related(Prefetch("attachments", to_attr="files"))

    def link(self, attachment: Attachment) -> str:
        """The file's address that is good without a token for some minutes."""
        user, token = self.request.user, self.request.auth
        path = FileLink(user, token, self.at).path(attachment)  # type: ignore[arg-type]
        return self.request.build_absolute_uri(path)

    def attachments(self) -> Any:
        rows = self.ticket.attachments.all()
        if self.standing.is_staff:
            return rows
        return rows.filter(Q(message=None) | Q(message__visibility=Visibility.PUBLIC))

    def speak(self, body: dict[str, Any], files: Sequence[UploadedFile] = ()) -> Response:
        """Say what the body says, for the side on which the caller stands."""
        is_internal = body.get("visibility") == Visibility.INTERNAL
        if not self.standing.is_staff and (is_internal or "then" in body):
            raise Refused(
                "staff_only",
                _("Only staff write internal notes and change the status with a message."),
                _("Leave these fields out: your message is public, and it is read."),
            )
        if is_internal and "then" in body:
            raise invalid("then", "not_with_internal", _("An internal note changes no status."))
        user = self.user
        said = {"ticket": self.ticket, "author": user, "body": body["body"], "at": self.at, "files": files}
        try:
            with self.unchanged():
                if not self.standing.is_staff:
                    message = hear(**said)
                elif is_internal:
                    message = note(**said)
                else:
                    message = say(**said, then=body.get("then", ""))
        except Refused as refused:
            if refused.code != "reopen_window_closed":
                raise
            new = follow_up(ticket=self.ticket, person=user, body=body["body"], at=self.at, files=files)
            return self._followed_up(new, user)
        # Of a merged ticket it went to the survivor, which its author need not be able to see.
        asked, self.ticket = self.ticket, message.ticket
        stored = self.messages().get(pk=message.pk)
        document = message_document(stored, stored.files, self.link)
        is_seen = asked == message.ticket or Ticket.objects.visible_to(user, self.at).filter(
            pk=message.ticket_id
        )
        return Response(document | ({} if is_seen else {"ticket": asked.pk}), status=201)

    def _followed_up(self, new: Ticket, author: User) -> Response:
        """After the reopen window the text went into a new ticket: the answer says which."""
        message = Message(
            ticket=new,
            author=author,
            side="customer",
            visibility=Visibility.PUBLIC,
            channel=new.channel,
            body=new.description,
            at=new.submitted_at,
        )
        address = self.request.build_absolute_uri(reverse("api:ticket", args=[new.pk]))
        document = message_document(message, list(new.attachments.all()), self.link)
        return Response(document, status=201, headers={"Location": address})


class Messages(ConversationView):
    @extend_schema(
        operation_id="list_messages",
        tags=["conversation"],
        summary="Messages of a ticket, oldest first",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[MESSAGES],
        responses={200: page_of(MessageDocument, "MessagePage"), 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(ListQuery, request.query_params)
        return Response(
            page(
                request,
                self.messages(),
                IN_ORDER,
                query,
                lambda row: message_document(row, row.files, self.link),
            )
        )

    @extend_schema(
        operation_id="create_message",
        tags=["conversation"],
        summary="Write a message",
        description=(
            "A customer's or a partner's message ends waiting, and reopens a resolved or closed ticket "
            "within its window. After the window the text goes into a new ticket that follows this one: "
            "`ticket` and `Location` name it. Sent to a merged ticket it goes to the one named in `ticket`."
        ),
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, REPLAYED, LOCATION],
        request=MessageBody,
        examples=[
            OpenApiExample("a message", value={"body": "It happens on Windows too."}, request_only=True),
            MESSAGE,
        ],
        responses={201: MessageDocument} | writes(404, 412, 422),
    )
    def post(self, request: Request, number: int) -> Response:
        return once(request, self.at, lambda body: body["ticket"], self._say)

    def _say(self) -> Response:
        return self.speak(read_body(MessageBody, self.request.data))


class BoundedForm(MultiPartParser):
    """A form with files, refused before it is read where it is larger than the files may be."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        length = int(stream.META.get("CONTENT_LENGTH") or 0)
        if length > settings.ATTACHMENT_MAX_BYTES + _FORM_BYTES:
            raise TooLarge(_("This file is too large."))
        return super().parse(stream, media_type, parser_context)


class Attachments(ConversationView):
    parser_classes = [BoundedForm]

    @extend_schema(
        operation_id="list_attachments",
        tags=["conversation"],
        summary="Files of a ticket",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[FILES],
        responses={200: page_of(AttachmentDocument, "AttachmentPage"), 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(ListQuery, request.query_params)
        rows = self.attachments()
        return Response(page(request, rows, BY_ID, query, lambda row: attachment_document(row, self.link)))

    @extend_schema(
        operation_id="create_attachment",
        tags=["conversation"],
        summary="Send a file",
        description="The file comes with a public message: `body`, or its name where that is left out.",
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, REPLAYED, LOCATION],
        request={"multipart/form-data": FileBody},
        examples=[MESSAGE],
        responses={201: MessageDocument} | writes(404, 412, 422),
    )
    def post(self, request: Request, number: int) -> Response:
        return once(request, self.at, lambda body: body["ticket"], self._send)

    def _send(self) -> Response:
        body = read_body(FileBody, self.request.data)
        if faults := faults_of_files([body["file"]]):
            raise invalid("file", "invalid", " ".join(faults))
        file = body.pop("file")
        return self.speak(body | {"body": body.get("body") or safe_name(file.name)}, [file])


class Download(ConversationView):
    def find(self, number: int, key: uuid.UUID) -> None:  # type: ignore[override]
        super().find(number)
        found: Attachment | None = self.attachments().filter(key=key).first()
        if found is None:
            raise Http404
        self.attachment = found

    @extend_schema(
        operation_id="download_attachment",
        tags=["conversation"],
        summary="The bytes of a file",
        parameters=[*CONDITIONAL],
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file"),
            304: NOT_MODIFIED,
        }
        | reads(404),
    )
    def get(self, request: Request, number: int, key: uuid.UUID) -> HttpResponseBase:
        read_query(NoQuery, request.query_params)
        response = handed_out(self.attachment)
        # The bytes behind a key never change.
        response["ETag"] = etag_of(self.attachment.key.bytes)
        if (answer := unchanged(request, response)) is not None:
            response.close()
            return answer
        return response
