"""Events, messages and decisions are only added to: the database refuses changes."""

from django.db import migrations

TABLES = ("tickets_ticketevent", "tickets_message", "tickets_decisionrecord")

FUNCTION = """
CREATE OR REPLACE FUNCTION tickets_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is only added to: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

TRIGGERS = "".join(
    f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION tickets_history_stays();"
    for table in TABLES
)

BACK = "".join(f"DROP TRIGGER IF EXISTS {table}_stays ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION + TRIGGERS, BACK + "DROP FUNCTION IF EXISTS tickets_history_stays();"),
    ]
