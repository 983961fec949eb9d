"""Names are searched by pairs of their words, and no search works beyond a bound.

The index of words read every "nguyễn" of the node to find those who are also "văn": 2.4 ms among 100,000 people, 280
among 1.4 million. Two words together are rare; an index of pairs finds three words in a tenth of the time.
See docs/decisions/0062.
"""

from importlib import import_module

from django.db import migrations

#: What a name is found by: its words, and each two of them, the smaller first. A space stands before a pair, so that
#: looking for the beginning of a word reads no pairs.
KEYS = r"""
CREATE FUNCTION registry_name_keys(folded_name text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    words text[] := array_remove(string_to_array(folded_name, ' '), '');
    keys text[] := words;
BEGIN
    FOR i IN 2 .. cardinality(words) LOOP
        FOR j IN 1 .. i - 1 LOOP
            keys := keys || (' ' || least(words[i], words[j]) || ' ' || greatest(words[i], words[j]));
        END LOOP;
    END LOOP;
    RETURN array_to_tsvector(keys);
END $$;
CREATE INDEX affiliation_name_keys ON registry_affiliation USING gin (registry_name_keys(folded_name));
DROP INDEX affiliation_name_words;
"""

#: Every word that occurs in a name of the node. A word may stand there twice, and stays when nobody bears it any more:
#: so no two imports wait for each other, and a search asks for a word too many at worst.
WORDS = r"""
CREATE TABLE registry_name_word (word text COLLATE "C" NOT NULL);
CREATE INDEX name_word_order ON registry_name_word (word);
REVOKE ALL ON registry_name_word FROM khue_app;

CREATE FUNCTION registry_keep_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO registry_name_word
        SELECT w.word FROM (
            SELECT DISTINCT unnest(string_to_array(folded_name, ' ')) COLLATE "C" AS word FROM named
        ) w WHERE w.word <> '' AND NOT EXISTS (SELECT FROM registry_name_word k WHERE k.word = w.word);
    RETURN NULL;
END $$;
CREATE TRIGGER affiliation_keeps_words AFTER INSERT ON registry_affiliation
    REFERENCING NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_words();
CREATE TRIGGER affiliation_keeps_new_words AFTER UPDATE ON registry_affiliation
    REFERENCING NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_words();

INSERT INTO registry_name_word
    SELECT DISTINCT w.word FROM registry_affiliation a, unnest(string_to_array(a.folded_name, ' ')) AS w (word)
    WHERE w.word <> '';
"""

#: What the index is asked for the words typed: for each, all words of the node that begin so; two of them as pairs,
#: where these are not too many. Up to four words each with each, of more each with the next. NULL: nobody has them.
QUERY = r"""
CREATE FUNCTION registry_lexeme(word text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '''' || replace(replace(word, '\', '\\'), '''', '''''') || ''''
$$;
CREATE FUNCTION registry_name_query(typed text[]) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
DECLARE
    most CONSTANT integer := 100;
    -- Whoever has "anh" has a word that begins with "an".
    asked CONSTANT text[] := ARRAY(SELECT DISTINCT t FROM unnest(typed) t WHERE NOT EXISTS (
        SELECT FROM unnest(typed) longer WHERE longer <> t AND starts_with(longer, t)));
    count CONSTANT integer := cardinality(asked);
    meant text[];
    words text[] := '{}';  -- of all that were typed, one after the other
    begins integer[] := '{}';
    ends integer[] := '{}';
    is_paired boolean[] := array_fill(false, ARRAY[count]);
    conditions text[] := '{}';
BEGIN
    FOR i IN 1 .. count LOOP
        meant := ARRAY(SELECT DISTINCT w.word FROM registry_name_word w WHERE w.word >= asked[i] COLLATE "C"
            AND w.word < (asked[i] || U&'\+10FFFF') COLLATE "C" LIMIT most + 1);
        IF cardinality(meant) = 0 THEN
            RETURN NULL;
        END IF;
        begins[i] := cardinality(words) + 1;
        words := words || meant;
        ends[i] := cardinality(words);
    END LOOP;
    FOR i IN 1 .. count LOOP
        FOR j IN i + 1 .. CASE WHEN count <= 4 THEN count ELSE least(i + 1, count) END LOOP
            CONTINUE WHEN (ends[i] - begins[i] + 1) * (ends[j] - begins[j] + 1) > most;
            conditions := conditions || (
                SELECT string_agg(registry_lexeme(' ' || least(a, b) || ' ' || greatest(a, b)), '|')
                FROM unnest(words[begins[i] : ends[i]]) a, unnest(words[begins[j] : ends[j]]) b);
            is_paired[i] := true;
            is_paired[j] := true;
        END LOOP;
        IF NOT is_paired[i] THEN
            conditions := conditions || (registry_lexeme(asked[i]) || ':*');
        END IF;
    END LOOP;
    RETURN '(' || array_to_string(conditions, ')&(') || ')';
END $$;
"""

#: Members in the order of a class list, from a place on.
WALK = """
CREATE FUNCTION registry_members_after(
    kinds text[], allowed bigint[], on_day date, from_key bytea, from_person bigint, most integer
) RETURNS TABLE (person_id bigint, sort_key bytea, folded_name text) LANGUAGE sql STABLE AS $$
    SELECT m.person_id, m.sort_key, m.folded_name FROM registry_affiliation m
    WHERE (m.sort_key, m.person_id) > (from_key, from_person)
        AND m.kind = ANY (kinds) AND (m.valid_to IS NULL OR m.valid_to >= on_day)
        AND (allowed IS NULL OR m.organisation_id IN (SELECT unnest(allowed)))
    ORDER BY m.sort_key, m.person_id LIMIT most
$$;
"""

#: The last row is no find where a search of very common words came to its bound: it says from where to search on.
SEARCH = r"""
DROP FUNCTION registry_members_named(text[], text[], bigint[], date, bytea, bigint, integer);
CREATE FUNCTION registry_members_named(
    words text[], kinds text[], places bigint[], on_day date, after_key bytea, after_person bigint, wanted integer
) RETURNS TABLE (person_id bigint, sort_key bytea, is_found boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    few_places CONSTANT integer := 40;
    most_candidates CONSTANT integer := 2000;
    longest_walk CONSTANT integer := 20000;
    has_initials CONSTANT boolean := EXISTS (SELECT FROM unnest(words) w WHERE length(w) < 2);
    likes CONSTANT text[] :=
        ARRAY(SELECT '% ' || regexp_replace(w, '([\\%_])', '\\\1', 'g') || '%' FROM unnest(words) w);
    from_key CONSTANT bytea := coalesce(after_key, '');
    from_person CONSTANT bigint := coalesce(after_person, 0);
    allowed bigint[] := places;
    is_few boolean;
    asked tsquery;
    candidates registry_affiliation[];
    known integer := 0;
    further integer;
BEGIN
    -- Never more than the scope of this transaction, whoever asks.
    IF NOT khue_scope_is_all() THEN
        allowed := CASE WHEN places IS NULL THEN khue_scope()
            ELSE ARRAY(SELECT unnest(places) INTERSECT SELECT unnest(khue_scope())) END;
    END IF;
    is_few := coalesce(cardinality(allowed) <= few_places, false);

    -- A word or two, or a mere initial: many may bear it, and then enough of them are among the first.
    IF NOT is_few AND (cardinality(words) IN (1, 2) OR has_initials) THEN
        RETURN QUERY SELECT DISTINCT ON (m.sort_key, m.person_id) m.person_id, m.sort_key, true
            FROM registry_members_after(kinds, allowed, on_day, from_key, from_person,
                CASE WHEN has_initials OR cardinality(words) = 1 THEN 2000 ELSE 300 END) m
            WHERE ' ' || m.folded_name LIKE ALL (likes)
            ORDER BY m.sort_key, m.person_id LIMIT wanted;
        GET DIAGNOSTICS known = ROW_COUNT;
        IF known >= wanted THEN
            RETURN;
        END IF;
    END IF;

    -- A rare one is found by the index, whole. What the index knows is looked at again: kind, day, scope and the words.
    IF cardinality(words) > 0 AND cardinality(allowed) IS DISTINCT FROM 1 THEN
        asked := registry_name_query(words);
        candidates := ARRAY(SELECT a FROM registry_affiliation a
            WHERE registry_name_keys(a.folded_name) @@ asked LIMIT most_candidates);
        IF cardinality(candidates) < most_candidates THEN
            RETURN QUERY SELECT DISTINCT ON (m.sort_key, m.person_id) m.person_id, m.sort_key, true
                FROM unnest(candidates) m
                WHERE (m.sort_key, m.person_id) > (from_key, from_person)
                    AND m.kind = ANY (kinds) AND (m.valid_to IS NULL OR m.valid_to >= on_day)
                    AND (allowed IS NULL OR m.organisation_id IN (SELECT unnest(allowed)))
                    AND ' ' || m.folded_name LIKE ALL (likes)
                ORDER BY m.sort_key, m.person_id OFFSET known LIMIT wanted - known;
            RETURN;
        END IF;
    END IF;

    -- A few schools: each in order, to its end if need be.
    IF is_few THEN
        RETURN QUERY SELECT DISTINCT ON (f.sort_key, f.person_id) f.person_id, f.sort_key, true
            FROM unnest(allowed) AS o (id) CROSS JOIN LATERAL (
                SELECT DISTINCT ON (m.sort_key, m.person_id) m.person_id, m.sort_key FROM registry_affiliation m
                WHERE m.organisation_id = o.id AND (m.sort_key, m.person_id) > (from_key, from_person)
                    AND m.kind = ANY (kinds) AND (m.valid_to IS NULL OR m.valid_to >= on_day)
                    AND ' ' || m.folded_name LIKE ALL (likes)
                ORDER BY m.sort_key, m.person_id LIMIT wanted
            ) f
            ORDER BY f.sort_key, f.person_id LIMIT wanted;
        RETURN;
    END IF;

    -- Many bear it among many: in order again, but not for ever.
    RETURN QUERY SELECT DISTINCT ON (m.sort_key, m.person_id) m.person_id, m.sort_key, true
        FROM registry_members_after(kinds, allowed, on_day, from_key, from_person,
            CASE WHEN cardinality(words) > 0 THEN longest_walk END) m
        WHERE ' ' || m.folded_name LIKE ALL (likes)
        ORDER BY m.sort_key, m.person_id OFFSET known LIMIT wanted - known;
    GET DIAGNOSTICS further = ROW_COUNT;
    IF known + further < wanted AND cardinality(words) > 0 THEN
        RETURN QUERY SELECT m.person_id, m.sort_key, false
            FROM registry_members_after(kinds, allowed, on_day, from_key, from_person, longest_walk) m
            OFFSET longest_walk - 1;
    END IF;
END $$;
"""

BACK = """
DROP FUNCTION registry_members_named(text[], text[], bigint[], date, bytea, bigint, integer);
DROP FUNCTION registry_members_after(text[], bigint[], date, bytea, bigint, integer);
DROP FUNCTION registry_name_query(text[]);
DROP FUNCTION registry_lexeme(text);
DROP TRIGGER affiliation_keeps_words ON registry_affiliation;
DROP TRIGGER affiliation_keeps_new_words ON registry_affiliation;
DROP FUNCTION registry_keep_words();
DROP TABLE registry_name_word;
DROP INDEX affiliation_name_keys;
DROP FUNCTION registry_name_keys(text);
CREATE INDEX affiliation_name_words ON registry_affiliation
    USING gin (array_to_tsvector(array_remove(string_to_array(folded_name, ' '), '')));
"""
BEFORE = import_module("khue.registry.migrations.0012_many_words_by_index").AFTER


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_affiliations_of_a_person")]
    operations = [migrations.RunSQL([KEYS, WORDS, QUERY, WALK, SEARCH], [BACK, BEFORE])]
