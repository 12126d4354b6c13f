from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0021_indexes_of_teams")]

    operations = [
        migrations.AddField("incomingmail", "emptied_at", models.DateTimeField(null=True)),
    ]
