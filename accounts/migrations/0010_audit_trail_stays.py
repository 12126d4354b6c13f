"""The trail of who changed the set-up is only added to: the database refuses changes."""

from django.db import migrations

FORTH = (
    "CREATE TRIGGER auditlog_logentry_stays BEFORE UPDATE OR DELETE ON auditlog_logentry "
    "FOR EACH ROW EXECUTE FUNCTION accounts_records_stay();"
    "CREATE TRIGGER auditlog_logentry_not_emptied BEFORE TRUNCATE ON auditlog_logentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION accounts_records_stay();"
)
BACK = (
    "DROP TRIGGER IF EXISTS auditlog_logentry_stays ON auditlog_logentry;"
    "DROP TRIGGER IF EXISTS auditlog_logentry_not_emptied ON auditlog_logentry;"
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_records_are_not_emptied"),
        ("auditlog", "0017_add_actor_email"),
    ]
    operations = [migrations.RunSQL(FORTH, BACK)]
