from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The indexes are built beside those who write.
    atomic = False
    dependencies = [
        ("accounts", "0009_records_are_not_emptied"),
        ("plans", "0006_terms_are_not_emptied"),
        ("tickets", "0027_indexes_of_the_back_office"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["status", "-number"], name="ticket_status_number"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["severity", "-number"], name="ticket_severity_number"),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("external_reference", ""), _negated=True),
                fields=["external_reference", "-number"],
                name="ticket_reference",
            ),
        ),
    ]
