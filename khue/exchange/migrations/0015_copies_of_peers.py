"""How many copies there are of a peer's records is kept with the peer: counting 400,000 for a page took 300 ms."""

from django.db import migrations, models

COUNTED = """
CREATE FUNCTION exchange_count_copies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE exchange_peer p SET copies = p.copies + CASE TG_OP WHEN 'INSERT' THEN c.copies ELSE -c.copies END
        FROM (SELECT peer_id, count(*) AS copies FROM counted WHERE peer_id IS NOT NULL GROUP BY peer_id) c
        WHERE p.id = c.peer_id;
    RETURN NULL;
END $$;
CREATE FUNCTION exchange_pass_copy_on() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE exchange_peer SET copies = copies - 1 WHERE id = OLD.peer_id;
    UPDATE exchange_peer SET copies = copies + 1 WHERE id = NEW.peer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER copies_come AFTER INSERT ON exchange_reportedrecord REFERENCING NEW TABLE AS counted
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_count_copies();
CREATE TRIGGER copies_go AFTER DELETE ON exchange_reportedrecord REFERENCING OLD TABLE AS counted
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_count_copies();
CREATE TRIGGER copies_pass_on AFTER UPDATE OF peer_id ON exchange_reportedrecord FOR EACH ROW
    WHEN (OLD.peer_id IS DISTINCT FROM NEW.peer_id) EXECUTE FUNCTION exchange_pass_copy_on();
UPDATE exchange_peer p SET copies = (SELECT count(*) FROM exchange_reportedrecord r WHERE r.peer_id = p.id);
"""
NOT_COUNTED = """
DROP TRIGGER copies_come ON exchange_reportedrecord;
DROP TRIGGER copies_go ON exchange_reportedrecord;
DROP TRIGGER copies_pass_on ON exchange_reportedrecord;
DROP FUNCTION exchange_count_copies();
DROP FUNCTION exchange_pass_copy_on();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0014_scores_of_schools")]

    operations = [
        migrations.AddField("peer", "copies", models.BigIntegerField(db_default=0, default=0, editable=False)),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
    ]
