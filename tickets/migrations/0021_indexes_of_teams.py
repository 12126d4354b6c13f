from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside those who write requests.
    atomic = False

    dependencies = [
        ("tickets", "0020_saved_views"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["new", "open", "waiting", "on_hold"]), ("team__isnull", False)
                ),
                fields=["team", "next_due_at", "number"],
                name="ticket_queue_team",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(models.Q(("unverified_reason", ""), _negated=True), ("verified_at", None)),
                fields=["number"],
                name="ticket_to_verify",
            ),
        ),
    ]
