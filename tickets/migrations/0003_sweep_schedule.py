"""The sweep runs every minute: an interval in UTC, since calendar time is counted by the product itself."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name="sweep",
        defaults={"func": "tickets.tasks.run_sweep", "schedule_type": "I", "minutes": 1, "repeats": -1},
    )


def remove(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name="sweep").delete()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_history_stays"), ("django_q", "0018_task_success_index")]
    operations = [migrations.RunPython(add, remove)]
