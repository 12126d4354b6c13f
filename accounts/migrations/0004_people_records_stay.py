"""Events of contacts and identity checks are only added to: the database refuses changes."""

from django.db import migrations

TABLES = ("accounts_contactevent", "accounts_identitycheck")

FUNCTION = """
CREATE OR REPLACE FUNCTION accounts_records_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records are only added to: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

TRIGGERS = "".join(
    f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION accounts_records_stay();"
    for table in TABLES
)

BACK = "".join(f"DROP TRIGGER IF EXISTS {table}_stays ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_people_on_record")]
    operations = [
        migrations.RunSQL(FUNCTION + TRIGGERS, BACK + "DROP FUNCTION IF EXISTS accounts_records_stay();"),
    ]
