"""A role that runs the portal and does not own it: it adds to the history, and can't rewrite or empty it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from portal.management.commands.grant_role import HISTORY
from tests.portal.conftest import Scene, ask, scene
from tickets.actions import say, sweep
from tickets.actions.tidying import tidy
from tickets.models import Message

__all__ = ["Scene", "ask", "scene"]
REWRITING = (
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {} CASCADE",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "DROP TABLE {} CASCADE",
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def role(db: None) -> Iterator[str]:
    """A role that the tests' own may become. Made by the server's superuser, whom the embedded one has.

    It is left behind: what is granted to it goes with the test's transaction, which ends later than this.
    """
    parts = connection.settings_dict
    name = f"app_of_{parts['NAME']}"
    place = {"host": parts["HOST"], "port": parts["PORT"], "dbname": parts["NAME"]}
    try:
        administrator = psycopg.connect(
            **place, user="postgres", password=parts["PASSWORD"], autocommit=True, connect_timeout=10
        )
    except psycopg.OperationalError:
        pytest.skip("no superuser of this server is known here")
    with administrator:
        administrator.execute(f"DROP ROLE IF EXISTS {name}")
        administrator.execute(f"CREATE ROLE {name}")
        administrator.execute(f"GRANT {name} TO {parts['USER']}")
        yield name


@contextmanager
def as_role(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {name}")
        yield
        cursor.execute("RESET ROLE")


def test_it_runs_the_portal_and_rewrites_nothing(role, scene, ask, at) -> None:
    call_command("grant_role", role, verbosity=0)
    with as_role(role):
        ticket = ask()
        say(ticket=ticket, author=scene.agent, body="We look.", at=at)
        assert sweep(at=at + timedelta(days=30))["breached"]
        tidy(at=at)
        for table in HISTORY:
            for statement in REWRITING:
                with (
                    pytest.raises(DatabaseError, match="permission denied|must be owner"),
                    transaction.atomic(),
                ):
                    connection.cursor().execute(statement.format(table))
    assert Message.objects.count() == 1


@pytest.mark.parametrize("name", ["nobody_of_that_name", None])
def test_it_says_what_is_wrong_with_a_role(name) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    with pytest.raises(CommandError):
        call_command("grant_role", name or owner)


def test_every_table_whose_rows_stay_is_among_them() -> None:
    """Told by what their triggers run; published editions may be retired, which changes their row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE p.proname IN ('tickets_history_stays', 'accounts_records_stay', 'plans_history_stays')"
        )
        found = {name for (name,) in cursor.fetchall()}
    assert found | {"auditlog_logentry"} == set(HISTORY)
