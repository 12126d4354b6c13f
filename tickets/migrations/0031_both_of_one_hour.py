"""Two changes that were made beside each other, one after the other from here on."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0029_names_of_a_decision"),
        ("tickets", "0030_internal_messages_looked_through"),
    ]
    operations = []
