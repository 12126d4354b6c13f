from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("notices", "0004_indexes_of_sending"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(fields=["state", "-id"], name="notice_not_sent", condition=~Q(state="sent")),
        ),
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(
                OpClass(Upper("to_email"), name="text_pattern_ops"), name="notice_by_address"
            ),
        ),
    ]
