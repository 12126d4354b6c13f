"""Mail is looked for every minute, in a job of its own: a slow mailbox does not hold up the sweep."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name="mail",
        defaults={"func": "tickets.tasks.run_mail", "schedule_type": "I", "minutes": 1, "repeats": -1},
    )


def remove(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name="mail").delete()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0014_why_a_mail_was_dismissed"), ("django_q", "0018_task_success_index")]
    operations = [migrations.RunPython(add, remove)]
