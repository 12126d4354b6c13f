"""The work log is only added to: a mistake is voided by a new entry."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_parked_rows")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER tickets_workentry_stays BEFORE UPDATE OR DELETE ON tickets_workentry "
            "FOR EACH ROW EXECUTE FUNCTION tickets_history_stays();",
            "DROP TRIGGER IF EXISTS tickets_workentry_stays ON tickets_workentry;",
        ),
    ]
