"""Subjects in the reader's language: what pages say, and what papers of the law keep."""

from django.utils import translation

from khue.curriculum import queries
from khue.curriculum.shipped import rows
from khue.foundation.ui.rows import subject


def test_every_subject_and_strand_that_ships_has_its_english_name_and_others_keep_their_own() -> None:
    names = [row["name"] for table in ("subjects.csv", "strands.csv") for row in rows(table)]
    assert [queries.subject_named(name) for name in names] == names
    with translation.override("en"):
        assert not set(names) & {queries.subject_named(name) for name in names}
        assert queries.subject_named("Toán") == "Mathematics"
        assert queries.subject_named("Hoạt động trải nghiệm, hướng nghiệp").startswith("Experiential Activities")
        assert queries.subject_named("Cờ vua") == "Cờ vua"
        assert str(subject("Toán", "blue")) == '<span class="subject hue-blue">Mathematics</span>'
