"""What happens in the synthetic country, as SQL for DuckDB: `made` are its schools, `days` the days with lessons.

Chance is a hash of keys, so that a row is the same in every run and each school has a habit of its own.
"""

from collections.abc import Iterator, Sequence

from khue.indicators.extensions import ACTIVE_DAYS, LESSONS, PEOPLE, SCHOOLS, FactTable

Written = tuple[FactTable, str, str]


def of_province(province: str, months: Sequence[str], last: str) -> Iterator[Written]:
    """Table, month and the SELECT of every partition of a province. Snapshots only of the last month."""
    yield SCHOOLS, last, _SCHOOLS.format(province=province)
    yield PEOPLE, last, _PEOPLE.format(province=province)
    for month in months:
        yield LESSONS, month, _LESSONS.format(province=province, month=month)
        yield ACTIVE_DAYS, month, _ACTIVE_DAYS.format(province=province, month=month)


_SCHOOLS = """
SELECT key AS school, commune, CASE WHEN hash(key) % 100 < 3 THEN '3' ELSE '1' END AS ownership,
       hash(key, 'hard') % 100 < 22 AS is_disadvantaged, hash(key, 'run') % 100 < 97 AS has_pupils,
       hash(key, 'desk') % 100 < 71 AS has_workspace, (classes * 4)::BIGINT AS things,
       (classes * 4 * (hash(key, 'papers') % 101) // 100)::BIGINT AS recorded
FROM made WHERE province = '{province}'
"""

#: Pupils stand first among the persons of a school, in the order of their classes; its teachers follow.
_PEOPLE = """
WITH here AS (
    SELECT key, first_person, first_class, first_grade, grades, pupils, classes,
           unnest(range(pupils + round(classes * 1.6)::BIGINT)) AS n
    FROM made WHERE province = '{province}'
), placed AS (
    SELECT *, n < pupils AS is_pupil, first_person + n AS person, n * classes // pupils AS place,
           hash(first_person + n, 'means') AS chance, hash(key, 'asked') % 100 < 92 AS was_asked
    FROM here
)
SELECT key AS school, person, CASE WHEN is_pupil THEN first_class + place END AS class,
       CASE WHEN is_pupil THEN (first_grade + place * grades // classes)::TINYINT END AS grade, is_pupil,
       chance % 1000 < 985 AS has_code,
       CASE WHEN was_asked AND chance % 10 < 9 THEN chance // 1000 % 100 < 82 END AS has_device,
       CASE WHEN was_asked AND chance % 10 < 9 THEN chance // 100000 % 100 < 88 END AS has_connection,
       CASE WHEN was_asked AND chance % 10 < 9 THEN chance // 10000000 % 100 < 90 END AS has_software
FROM placed
"""

_LESSONS = """
WITH classes AS (
    SELECT key, first_class + place AS class, (first_grade + place * grades // classes)::TINYINT AS grade,
           hash(key, 'online') % 160 AS habit
    FROM (SELECT *, unnest(range(classes)) AS place FROM made WHERE province = '{province}')
), periods AS (
    SELECT day, unnest(range(periods)) AS period FROM days WHERE month = '{month}'
)
SELECT key AS school, class, grade, day, hash(class, day, period) % 1000 < habit AS is_online
FROM classes, periods
"""

#: Two thirds of the pupils learn online at all, each on about one day in six.
_ACTIVE_DAYS = """
WITH pupils AS (
    SELECT key, first_person + unnest(range(pupils)) AS person FROM made WHERE province = '{province}'
), learning AS (
    SELECT * FROM pupils WHERE hash(person, 'learns') % 100 < 66
)
SELECT key AS school, person, day FROM learning, (SELECT day FROM days WHERE month = '{month}')
WHERE hash(person, day) % 24 = 0
"""
