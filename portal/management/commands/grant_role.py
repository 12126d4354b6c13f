"""``manage.py grant_role kept_app``: what the running portal needs of the database, and no more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg import sql

# Rows of these are only added to. Triggers refuse the rest to everybody; who owns a table could take the
# trigger away, or empty the table at a stroke, and another role can't.
HISTORY = (
    "accounts_contactevent",
    "accounts_identitycheck",
    "auditlog_logentry",
    "plans_contractevent",
    "tickets_attachment",
    "tickets_decisionrecord",
    "tickets_message",
    "tickets_ticketevent",
    "tickets_workentry",
)


class Command(BaseCommand):
    help = (
        "Let a database role run the portal without owning it: it reads and writes rows, and only adds to "
        "the history. Run it as the owner, after each migration."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="a role that exists and may log in")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolname = current_user, rolsuper FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"Make the role first: CREATE ROLE {role} LOGIN PASSWORD '...'")
            if any(found):
                raise CommandError(f"{role} owns the tables or is a superuser: nothing can be kept from it.")
            for statement in _statements(role):
                cursor.execute(statement)
        self.stdout.write(f"{role} may run the portal, and only adds to {len(HISTORY)} tables.")


def _statements(role: str) -> list[sql.Composed]:
    history = sql.SQL(", ").join(sql.Identifier(table) for table in HISTORY)
    texts = (
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON {history} FROM {role}",
        "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {role}",
    )
    return [sql.SQL(text).format(role=sql.Identifier(role), history=history) for text in texts]
