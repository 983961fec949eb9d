"""Names copied onto affiliations by the database, and people found by name without reading the whole table.

Row-level security forbids PostgreSQL to use LIKE in an index before the policy has been checked, because LIKE could
leak. The search is therefore one function that runs as the owner and applies the transaction's scope itself.
"""

from django.db import migrations, models

NAMES = """
CREATE FUNCTION registry_copy_name() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    SELECT p.sort_key, p.folded_name INTO NEW.sort_key, NEW.folded_name
        FROM registry_person p WHERE p.id = NEW.person_id;
    RETURN NEW;
END $$;
CREATE TRIGGER affiliation_copies_name BEFORE INSERT ON registry_affiliation
    FOR EACH ROW WHEN (NEW.sort_key IS NULL OR NEW.folded_name IS NULL) EXECUTE FUNCTION registry_copy_name();

CREATE FUNCTION registry_spread_name() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE registry_affiliation SET sort_key = NEW.sort_key, folded_name = NEW.folded_name WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER person_spreads_name AFTER UPDATE OF full_name, sort_key ON registry_person
    FOR EACH ROW WHEN (OLD.full_name IS DISTINCT FROM NEW.full_name OR OLD.sort_key IS DISTINCT FROM NEW.sort_key)
    EXECUTE FUNCTION registry_spread_name();

CREATE INDEX affiliation_name_search ON registry_affiliation USING gin ((' ' || folded_name) gin_trgm_ops);
UPDATE registry_affiliation a SET sort_key = p.sort_key, folded_name = p.folded_name
    FROM registry_person p WHERE p.id = a.person_id;
"""
NO_NAMES = """
DROP INDEX affiliation_name_search;
DROP TRIGGER person_spreads_name ON registry_person; DROP FUNCTION registry_spread_name();
DROP TRIGGER affiliation_copies_name ON registry_affiliation; DROP FUNCTION registry_copy_name();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_scope")]
    operations = [
        migrations.RemoveIndex(model_name="person", name="person_name_search"),
        migrations.AddField("affiliation", "folded_name", models.TextField(null=True)),
        migrations.AddField("affiliation", "sort_key", models.BinaryField(null=True)),
        migrations.AddIndex(
            "affiliation",
            models.Index(
                fields=["organisation", "sort_key", "person"],
                include=["kind", "folded_name", "valid_from", "valid_to"],
                name="affiliation_name_order",
            ),
        ),
        migrations.AddIndex(
            "affiliation",
            models.Index(
                fields=["sort_key", "person"],
                include=["organisation", "kind", "folded_name", "valid_from", "valid_to"],
                name="affiliation_all_in_order",
            ),
        ),
        migrations.RunSQL(NAMES, NO_NAMES),
        migrations.AddField("guardianship", "court_decision", models.TextField(default="")),
    ]
