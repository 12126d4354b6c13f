"""History and published terms stay, whoever asks the database in the application's own name."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from accounts.actions import create_token
from tests.factories.accounts import MandateFactory, OrganizationFactory
from tests.tickets.conftest import ask, scene
from tickets.actions import hear
from tickets.models import Attachment

__all__ = ["ask", "scene"]

pytestmark = pytest.mark.django_db
# Rows of it change, with a record of each change; the rule is of who is left.
CHANGES = {"accounts_contact"}


def tables(trigger: str) -> set[str]:
    """The tables with a trigger of such a name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s", [trigger])
        return {name for (name,) in cursor.fetchall()}


def test_what_stays_row_by_row_is_not_emptied_either() -> None:
    kept = tables(r"%\_stays") - CHANGES
    assert "tickets_message" in kept and kept == tables(r"%\_not\_emptied")
    with connection.cursor() as cursor:
        for table in sorted(kept):
            # The suite itself empties tables after tests that commit.
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in sorted(kept):
            with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_file_of_a_message_is_neither_changed_nor_deleted(ask, scene, at) -> None:
    file = SimpleUploadedFile("a.txt", b"abc")
    hear(ticket=ask(), author=scene.customer, body="See.", at=at, files=[file])
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.update(name="b.txt")
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.all().delete()


def test_nobody_rewrites_who_changed_the_set_up() -> None:
    OrganizationFactory()
    assert LogEntry.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.update(object_repr="nothing")
    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_user SET role = 'king'",
        "UPDATE accounts_contact SET sees = 'everything'",
        "UPDATE accounts_apitoken SET scope = 'root'",
        "UPDATE accounts_mandate SET scope = 'root'",
        "INSERT INTO tickets_message (ticket_id, author_id, side, visibility, channel, body, at)"
        " SELECT number, requester_id, 'customer', 'internal', 'portal', 'x', now() FROM tickets_ticket",
    ],
)
def test_no_right_has_a_name_that_nobody_knows(ask, scene, at, statement: str) -> None:
    ask()
    create_token(user=scene.customer, name="t")
    MandateFactory()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
