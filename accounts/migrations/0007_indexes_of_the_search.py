from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    # People and organizations may be many: their indexes are built beside those who write to them.
    atomic = False
    dependencies = [
        ("accounts", "0006_last_administrator_stays"),
        # It makes the extension pg_trgm, and takes it away after these indexes.
        ("tickets", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="organization",
            index=GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="organization_name_words"),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="user_name_words"),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="user_email_words"),
        ),
    ]
