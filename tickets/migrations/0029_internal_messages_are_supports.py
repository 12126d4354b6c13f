"""An internal message is support's: for new rows at once, without reading the others under a lock."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0028_indexes_of_the_api")]
    operations = [
        AddConstraintNotValid(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(visibility="public") | models.Q(visibility="internal", side="support"),
                name="message_internal_of_support",
            ),
        ),
    ]
