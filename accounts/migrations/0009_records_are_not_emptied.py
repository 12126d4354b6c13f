"""The records of people are not emptied at once either."""

from django.db import migrations

TABLES = ("accounts_contactevent", "accounts_identitycheck")
FORTH = "".join(
    f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION accounts_records_stay();"
    for table in TABLES
)
BACK = "".join(f"DROP TRIGGER IF EXISTS {table}_not_emptied ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_teams")]
    operations = [migrations.RunSQL(FORTH, BACK)]
