"""What moves in a book on a day is summed as it is written: thousands of postings are not read to show two figures."""

import django.db.models.deletion
from django.db import migrations, models

from khue.foundation.rls import protect

#: The writers of a school's books come one after the other (ledger.lock), so that no two meet in a row.
KEPT = """
CREATE FUNCTION khue_books_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payments_bookday AS day (organisation_id, book, "on", moved)
    SELECT p.organisation_id, p.book, e."on", sum(p.amount)
    FROM written p JOIN payments_entry e ON e.id = p.entry_id
    GROUP BY p.organisation_id, p.book, e."on"
    ON CONFLICT (organisation_id, book, "on") DO UPDATE SET moved = day.moved + excluded.moved;
    RETURN NULL;
END $$;
LOCK TABLE payments_posting IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO payments_bookday (organisation_id, book, "on", moved)
SELECT p.organisation_id, p.book, e."on", sum(p.amount)
FROM payments_posting p JOIN payments_entry e ON e.id = p.entry_id GROUP BY p.organisation_id, p.book, e."on";
CREATE TRIGGER books_move AFTER INSERT ON payments_posting REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION khue_books_move();
REVOKE DELETE, TRUNCATE ON payments_bookday FROM khue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0012_answers_scope"), ("registry", "0014_affiliations_of_a_person")]
    operations = [
        migrations.CreateModel(
            name="BookDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.CharField(
                        choices=[
                            ("bank", "Bank"),
                            ("cash", "Cash"),
                            ("family", "Family"),
                            ("income", "Income"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=7,
                    ),
                ),
                ("on", models.DateField()),
                ("moved", models.BigIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "book", "on"), name="book_day_once")],
            },
        ),
        protect("payments_bookday"),
        migrations.RunSQL(KEPT, "DROP TRIGGER books_move ON payments_posting; DROP FUNCTION khue_books_move();"),
    ]
