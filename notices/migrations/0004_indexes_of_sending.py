from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # The outbox may hold millions: its indexes are built beside those who write to it.
    atomic = False
    dependencies = [
        ("notices", "0003_how_a_notice_goes"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(
                fields=["recipient_key"], name="notice_waits_for", condition=Q(state="waiting")
            ),
        ),
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(
                fields=["recipient_key", "sent_at"], name="notice_told", condition=Q(state="sent")
            ),
        ),
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(
                fields=["recipient_key", "in_reply_to", "id"],
                name="notice_thread",
                condition=Q(state="sent") & ~Q(in_reply_to=""),
            ),
        ),
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(fields=["digest"], name="notice_parts", condition=Q(digest__isnull=False)),
        ),
    ]
