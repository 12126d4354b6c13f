"""A table of history is not emptied at once either, and the files of messages stay as they are."""

from django.db import migrations

EMPTIED = (
    *("tickets_ticketevent", "tickets_message", "tickets_attachment"),
    *("tickets_decisionrecord", "tickets_workentry"),
)
FORTH = "".join(
    f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION tickets_history_stays();"
    for table in EMPTIED
)
BACK = "".join(f"DROP TRIGGER IF EXISTS {table}_not_emptied ON {table};" for table in EMPTIED)
FILES = (
    "CREATE TRIGGER tickets_attachment_stays BEFORE UPDATE OR DELETE ON tickets_attachment "
    "FOR EACH ROW EXECUTE FUNCTION tickets_history_stays();"
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0023_index_of_mails_to_empty")]
    operations = [
        migrations.RunSQL(FORTH, BACK),
        migrations.RunSQL(FILES, "DROP TRIGGER IF EXISTS tickets_attachment_stays ON tickets_attachment;"),
    ]
