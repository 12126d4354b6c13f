import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The indexes are built beside those who write.
    atomic = False
    dependencies = [
        ("accounts", "0009_records_are_not_emptied"),
        ("tickets", "0026_indexes_of_long_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="decisionrecord",
            index=models.Index(fields=["-at", "-id"], name="decision_by_time"),
        ),
        AddIndexConcurrently(
            model_name="decisionrecord",
            index=models.Index(
                condition=models.Q(("code", ""), _negated=True),
                fields=["code", "-at", "-id"],
                name="decision_by_rule",
            ),
        ),
        AddIndexConcurrently(
            model_name="incomingmail",
            index=models.Index(fields=["-received_at", "-id"], name="mail_by_time"),
        ),
        AddIndexConcurrently(
            model_name="incomingmail",
            index=models.Index(fields=["state", "-received_at", "-id"], name="mail_by_state"),
        ),
        AddIndexConcurrently(
            model_name="survey",
            index=models.Index(fields=["-closed_at", "-id"], name="survey_by_time"),
        ),
        AddIndexConcurrently(
            model_name="survey",
            index=models.Index(
                condition=models.Q(("score__isnull", False)),
                fields=["score", "-closed_at", "-id"],
                name="survey_by_score",
            ),
        ),
        AddIndexConcurrently(
            model_name="survey",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("comment"), name="gin_trgm_ops"
                ),
                condition=models.Q(("comment", ""), _negated=True),
                name="survey_comment_words",
            ),
        ),
    ]
