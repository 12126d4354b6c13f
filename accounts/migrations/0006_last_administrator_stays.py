"""An organization that had an administrator in effect keeps one: looked at when a transaction commits.

The organization's row is locked first, so that of two transactions that each take one of the last two
administrators away the second sees what the first did. An organization that is deleted needs nobody.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION accounts_last_administrator_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.organization_id = OLD.organization_id AND NEW.is_administrator
            AND NEW.waits_for = '' AND NEW.revoked_at IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM accounts_organization WHERE id = OLD.organization_id FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT 1 FROM accounts_contact
        WHERE organization_id = OLD.organization_id AND is_administrator
            AND waits_for = '' AND revoked_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the last administrator of organization % stays', OLD.organization_id
            USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'contact_last_administrator_stays';
    END IF;
    RETURN NULL;
END $$;
"""

TRIGGER = """
CREATE CONSTRAINT TRIGGER contact_last_administrator_stays
AFTER UPDATE OR DELETE ON accounts_contact DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.is_administrator AND OLD.waits_for = '' AND OLD.revoked_at IS NULL)
EXECUTE FUNCTION accounts_last_administrator_stays();
"""

BACK = """
DROP TRIGGER IF EXISTS contact_last_administrator_stays ON accounts_contact;
DROP FUNCTION IF EXISTS accounts_last_administrator_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_absences")]
    operations = [migrations.RunSQL(FUNCTION + TRIGGER, BACK)]
