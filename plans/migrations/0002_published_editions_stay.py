"""What is published is never edited, whoever tries: a model, a queryset, or SQL by hand.

One trigger on every table whose rows belong to an edition. It also holds that all the rows that one row
points to belong to the same edition.
"""

from django.db import migrations

EDITION_OF = """
CREATE FUNCTION plans_edition_of(kind text, key bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE kind
        WHEN 'edition' THEN key
        WHEN 'plan' THEN (SELECT edition_id FROM plans_plan WHERE id = key)
        WHEN 'calendar' THEN (SELECT edition_id FROM plans_businesscalendar WHERE id = key)
        WHEN 'holidayset' THEN (SELECT edition_id FROM plans_holidayset WHERE id = key)
        WHEN 'severity' THEN (SELECT edition_id FROM plans_severity WHERE id = key)
        WHEN 'type' THEN (SELECT edition_id FROM plans_supporttype WHERE id = key)
        WHEN 'function' THEN (SELECT edition_id FROM plans_contactfunction WHERE id = key)
        WHEN 'channel' THEN (SELECT edition_id FROM plans_channel WHERE id = key)
        WHEN 'scope' THEN (SELECT edition_id FROM plans_scopeitem WHERE id = key)
        WHEN 'entitlement' THEN (SELECT edition_id FROM plans_entitlement WHERE id = key)
        WHEN 'option' THEN (SELECT p.edition_id FROM plans_coverageoption o
            JOIN plans_plan p ON p.id = o.plan_id WHERE o.id = key)
        WHEN 'typecoverage' THEN (SELECT p.edition_id FROM plans_typecoverage c
            JOIN plans_plan p ON p.id = c.plan_id WHERE c.id = key)
        WHEN 'limit' THEN (SELECT p.edition_id FROM plans_channellimit l
            JOIN plans_plan p ON p.id = l.plan_id WHERE l.id = key)
    END
$$;
"""

# A share lock on the edition lets no row slip in while it is being published.
ROW_STAYS = """
CREATE FUNCTION plans_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    image jsonb;
    images jsonb[];
    first_edition bigint;
    this_edition bigint;
    edition_state text;
    place int;
BEGIN
    images := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[to_jsonb(NEW)]
        WHEN 'DELETE' THEN ARRAY[to_jsonb(OLD)]
        ELSE ARRAY[to_jsonb(OLD), to_jsonb(NEW)] END;
    FOREACH image IN ARRAY images LOOP
        first_edition := NULL;
        place := 0;
        WHILE place < TG_NARGS LOOP
            this_edition := plans_edition_of(TG_ARGV[place + 1], (image ->> TG_ARGV[place])::bigint);
            IF first_edition IS NULL THEN
                first_edition := this_edition;
            ELSIF this_edition IS NOT NULL AND this_edition <> first_edition AND TG_OP <> 'DELETE' THEN
                RAISE EXCEPTION '% joins rows of two editions', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            place := place + 2;
        END LOOP;
        IF first_edition IS NOT NULL THEN
            SELECT state INTO edition_state FROM plans_edition WHERE id = first_edition FOR SHARE;
            IF edition_state <> 'draft' AND NOT (
                TG_TABLE_NAME = 'plans_specialday' AND TG_OP = 'INSERT' AND image ->> 'amended_at' IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'a published edition stays as it is (% on %)', TG_OP, TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

EDITION_STAYS = """
CREATE FUNCTION plans_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mutable text[] := ARRAY['state', 'retired_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'an edition begins as a draft' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a published edition stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (to_jsonb(NEW) - mutable) <> (to_jsonb(OLD) - mutable)
            OR (OLD.state, NEW.state) NOT IN (('published', 'published'), ('published', 'retired'),
                                              ('retired', 'retired'))
            OR (OLD.state = NEW.state AND OLD.retired_at IS DISTINCT FROM NEW.retired_at) THEN
            RAISE EXCEPTION 'a published edition stays as it is'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.state = 'retired' THEN
            RAISE EXCEPTION 'a draft is published before it is retired'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.policy_id <> OLD.policy_id OR NEW.number <> OLD.number THEN
            RAISE EXCEPTION 'an edition keeps its policy and number'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER plans_edition_stays BEFORE INSERT OR UPDATE OR DELETE ON plans_edition
    FOR EACH ROW EXECUTE FUNCTION plans_edition_stays();
"""

CONTRACT_FITS = """
CREATE FUNCTION plans_contract_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chosen plans_edition;
BEGIN
    IF NEW.edition_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO chosen FROM plans_edition WHERE id = NEW.edition_id;
    IF chosen.policy_id <> NEW.policy_id OR chosen.state = 'draft' THEN
        RAISE EXCEPTION 'a contract reads a published edition of its own policy'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM plans_plan WHERE edition_id = NEW.edition_id AND code = NEW.plan_code) THEN
        RAISE EXCEPTION 'the edition has no such plan' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plans_contract_fits BEFORE INSERT OR UPDATE ON plans_contract
    FOR EACH ROW EXECUTE FUNCTION plans_contract_fits();
"""

# table -> pairs of a column and the kind of row that it points to
TABLES = {
    "holidayset": ["edition_id", "edition"],
    "holidayday": ["holiday_set_id", "holidayset"],
    "businesscalendar": ["edition_id", "edition"],
    "businesscalendar_holiday_sets": ["businesscalendar_id", "calendar", "holidayset_id", "holidayset"],
    "weeklyhours": ["calendar_id", "calendar"],
    "specialday": ["calendar_id", "calendar"],
    "severity": ["edition_id", "edition"],
    "supporttype": ["edition_id", "edition"],
    "contactfunction": ["edition_id", "edition"],
    "contactfunction_support_types": ["contactfunction_id", "function", "supporttype_id", "type"],
    "channel": ["edition_id", "edition"],
    "requestfield": ["edition_id", "edition"],
    "requestcategory": ["edition_id", "edition"],
    "impactrule": ["edition_id", "edition", "severity_id", "severity"],
    "exclusion": ["edition_id", "edition"],
    "condition": ["edition_id", "edition"],
    "scopeitem": ["edition_id", "edition"],
    "scopeitem_plans": ["scopeitem_id", "scope", "plan_id", "plan"],
    "entitlement": ["edition_id", "edition"],
    "plan": ["edition_id", "edition"],
    "plan_channels": ["plan_id", "plan", "channel_id", "channel"],
    "plan_support_types": ["plan_id", "plan", "supporttype_id", "type"],
    "plan_overdue_types": ["plan_id", "plan", "supporttype_id", "type"],
    "plan_entitlements": ["plan_id", "plan", "entitlement_id", "entitlement"],
    "coverageoption": ["plan_id", "plan"],
    "coveragecalendar": ["option_id", "option", "calendar_id", "calendar"],
    "typecoverage": ["plan_id", "plan", "support_type_id", "type"],
    "typecalendar": ["type_coverage_id", "typecoverage", "calendar_id", "calendar"],
    "target": ["plan_id", "plan", "severity_id", "severity"],
    "channellimit": ["plan_id", "plan", "channel_id", "channel"],
    "channellimit_severities": ["channellimit_id", "limit", "severity_id", "severity"],
    "escalationlevel": ["plan_id", "plan"],
    "rate": ["plan_id", "plan", "calendar_id", "calendar"],
    "program": ["plan_id", "plan", "gives_id", "plan"],
}


def row_trigger(table: str, arguments: list[str]) -> str:
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    return (
        f"CREATE TRIGGER plans_row_stays BEFORE INSERT OR UPDATE OR DELETE ON plans_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION plans_row_stays({listed});"
    )


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.RunSQL(EDITION_OF, "DROP FUNCTION plans_edition_of(text, bigint);"),
        migrations.RunSQL(ROW_STAYS, "DROP FUNCTION plans_row_stays();"),
        *(
            migrations.RunSQL(
                row_trigger(table, arguments), f"DROP TRIGGER plans_row_stays ON plans_{table};"
            )
            for table, arguments in TABLES.items()
        ),
        migrations.RunSQL(
            EDITION_STAYS,
            "DROP TRIGGER plans_edition_stays ON plans_edition; DROP FUNCTION plans_edition_stays();",
        ),
        migrations.RunSQL(
            CONTRACT_FITS,
            "DROP TRIGGER plans_contract_fits ON plans_contract; DROP FUNCTION plans_contract_fits();",
        ),
    ]
