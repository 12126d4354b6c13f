"""Old idempotency keys go once an hour."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name="tidy",
        defaults={"func": "tickets.tasks.run_tidy", "schedule_type": "H", "repeats": -1},
    )


def remove(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name="tidy").delete()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_who_asked"), ("django_q", "0018_task_success_index")]
    operations = [migrations.RunPython(add, remove)]
