from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Every request leaves a decision: the index is built beside those who write to them.
    atomic = False
    dependencies = [
        ("tickets", "0017_order_of_event_kinds"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="decisionrecord",
            index=models.Index(fields=["at"], name="decision_refused", condition=models.Q(outcome="refused")),
        ),
    ]
