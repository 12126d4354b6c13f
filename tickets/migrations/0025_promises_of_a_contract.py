import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ROWS = 20_000


def take_from_tickets(apps, schema_editor):
    """The contract of each clock from its ticket, a stretch of keys at a time: no lock lasts."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_clock")
        (last,) = cursor.fetchone()
        for first in range(0, last + 1, ROWS):
            cursor.execute(
                "UPDATE tickets_clock SET contract_id = tickets_ticket.contract_id FROM tickets_ticket "
                "WHERE number = ticket_id AND id >= %s AND id < %s AND tickets_clock.contract_id IS NULL "
                "AND tickets_ticket.contract_id IS NOT NULL",
                [first, first + ROWS],
            )


class Migration(migrations.Migration):
    # Each step by itself, beside those who work.
    atomic = False
    dependencies = [
        ("plans", "0006_terms_are_not_emptied"),
        ("tickets", "0024_history_is_not_emptied"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="contract",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="plans.contract",
            ),
        ),
        migrations.RunPython(take_from_tickets, migrations.RunPython.noop, elidable=True),
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(fields=["contract", "due_at", "id"], name="clock_of_contract"),
        ),
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                condition=models.Q(state__in=["paused", "withdrawn", "merged"]),
                fields=["contract", "state", "started_at"],
                name="clock_of_contract_undue",
            ),
        ),
    ]
