from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

UNSOLVED = models.Q(status__in=["new", "open", "waiting", "on_hold"])
INDEXES = (
    models.Index(
        condition=models.Q(status__in=["resolved", "closed"], window_ended_at=None),
        fields=["organization", "-number"],
        name="ticket_org_solved",
    ),
    models.Index(
        condition=models.Q(status="waiting"),
        fields=["organization", "waiting_since", "number"],
        name="ticket_org_waiting",
    ),
    models.Index(
        condition=~models.Q(rate_code=""), fields=["organization", "submitted_at"], name="ticket_org_charged"
    ),
    models.Index(condition=UNSOLVED, fields=["status", "next_due_at", "number"], name="ticket_queue_status"),
    models.Index(
        condition=UNSOLVED, fields=["severity", "next_due_at", "number"], name="ticket_queue_severity"
    ),
    models.Index(
        condition=UNSOLVED, fields=["plan", "severity", "next_due_at", "number"], name="ticket_queue_plan"
    ),
    models.Index(
        condition=models.Q(status="resolved"), fields=["auto_close_at", "number"], name="ticket_closing"
    ),
)


class Migration(migrations.Migration):
    # The indexes are built beside those who write.
    atomic = False
    dependencies = [
        ("tickets", "0025_promises_of_a_contract"),
    ]

    operations = [
        *(AddIndexConcurrently(model_name="ticket", index=index) for index in INDEXES),
        # What it served, the one of closing serves too.
        RemoveIndexConcurrently(model_name="ticket", name="ticket_sweep_close"),
    ]
