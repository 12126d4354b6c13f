"""The rows that were there before the rule, read while others write on."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0029_internal_messages_are_supports")]
    operations = [ValidateConstraint(model_name="message", name="message_internal_of_support")]
