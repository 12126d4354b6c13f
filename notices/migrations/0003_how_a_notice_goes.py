from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_preferences_and_bounces"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="for_digest",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="notice",
            name="happened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="is_bare",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="notice",
            name="kind",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="kind"),
        ),
    ]
