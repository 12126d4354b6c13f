"""Events of contracts are only added to: the database refuses changes."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION plans_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is only added to: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER plans_contractevent_stays BEFORE UPDATE OR DELETE ON plans_contractevent
    FOR EACH ROW EXECUTE FUNCTION plans_history_stays();
"""

BACK = "DROP TRIGGER plans_contractevent_stays ON plans_contractevent; DROP FUNCTION plans_history_stays();"


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_contracts_keep_history")]
    operations = [migrations.RunSQL(FUNCTION, BACK)]
