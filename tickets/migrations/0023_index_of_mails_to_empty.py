from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Mail comes in all the while: the index is built beside it.
    atomic = False
    dependencies = [("tickets", "0022_when_a_mail_was_emptied")]

    operations = [
        AddIndexConcurrently(
            model_name="incomingmail",
            index=models.Index(
                fields=["handled_at", "id"],
                name="mail_to_empty",
                condition=models.Q(emptied_at=None) & ~models.Q(state__in=["waiting", "held"]),
            ),
        ),
    ]
