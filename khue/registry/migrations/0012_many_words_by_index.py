"""Three words or more are looked up by the index of words at once: whoever bears them is rare.

Walking the first two thousand in order found nobody and cost as much as the index: 2.4 ms of 5.
See docs/decisions/0062.
"""

from importlib import import_module

from django.db import migrations

WORDS = import_module("khue.registry.migrations.0006_words_of_names").WORDS
BEFORE = WORDS[WORDS.index("CREATE OR REPLACE FUNCTION") :]
WALK = BEFORE[BEFORE.index("    -- Many schools:") : BEFORE.index("    -- A rarer name:")]
AFTER = BEFORE.replace(
    WALK,
    "    found := 0;\n"
    "    IF cardinality(words) < 3 OR (SELECT min(length(w)) FROM unnest(words) w) < 2 THEN\n"
    f"{WALK}"
    "    END IF;\n\n",
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_identity_papers_scope")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
