"""Published terms and the history of contracts are not emptied at once either."""

from django.db import migrations

FORTH = """
CREATE FUNCTION plans_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published terms stay: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DO $$
DECLARE kept regclass;
BEGIN
    FOR kept IN SELECT DISTINCT tgrelid FROM pg_trigger
        WHERE tgname IN ('plans_row_stays', 'plans_edition_stays', 'plans_contractevent_stays')
    LOOP
        EXECUTE format('CREATE TRIGGER plans_not_emptied BEFORE TRUNCATE ON %s '
            'FOR EACH STATEMENT EXECUTE FUNCTION plans_not_emptied()', kept);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_contract_history_stays")]
    operations = [migrations.RunSQL(FORTH, "DROP FUNCTION plans_not_emptied() CASCADE;")]
