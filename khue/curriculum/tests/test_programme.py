from datetime import date

import pytest

from khue.curriculum import actions, queries
from khue.curriculum.models import GradePlan, Outcome, Subject, SubjectGrade
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def codes(grade: int, block: str) -> list[str]:
    return [row.subject.code for row in queries.subjects_in(grade, TODAY, block=block)]


@pytest.mark.parametrize(
    ("grade", "total", "per_week"),
    [
        (1, 875, 25.0), (2, 875, 25.0), (3, 980, 28.0), (4, 1050, 30.0), (5, 1050, 30.0),
        (6, 1015, 29.0), (7, 1015, 29.0), (8, 1032, 29.5), (9, 1032, 29.5),
        (10, 997, 28.5), (11, 997, 28.5), (12, 997, 28.5),
    ],
)  # fmt: skip
def test_periods_of_each_grade_add_up_to_the_official_total(grade: int, total: int, per_week: float) -> None:
    plan = queries.grade_plan(grade, TODAY)
    rows = queries.subjects_in(grade, TODAY)
    compulsory = sum(row.periods_per_year for row in rows if row.block == "compulsory")
    elective = {row.periods_per_year for row in rows if row.block == "elective"} or {0}
    topic = {row.periods_per_year for row in rows if row.block == "topic"} or {0}

    assert plan is not None
    assert compulsory == plan.compulsory_periods
    assert compulsory + elective.pop() * plan.electives_to_take + topic.pop() * plan.topics_to_take == total
    assert plan.total_periods == total
    assert round(plan.total_periods / plan.weeks, 1) == per_week
    assert not elective
    assert not topic


def test_a_pupil_of_grade_ten_chooses_four_of_nine_and_three_clusters_of_twelve() -> None:
    plan = queries.grade_plan(10, TODAY)

    assert plan is not None
    assert (plan.electives_to_take, plan.topics_to_take, plan.lesson_minutes) == (4, 3, 45)
    assert codes(10, "elective") == ["GDKTPL", "DL", "VL", "HH", "SH", "TIN", "CN", "AN", "MT"]
    assert len(codes(10, "topic")) == 12
    assert not {"NN1", "GDTC", "GDQPAN"} & set(codes(10, "topic"))
    assert codes(10, "optional") == ["TDTTS", "NN2"]


@pytest.mark.parametrize(
    ("code", "grade", "periods", "mode", "marks"),
    [
        ("TV", 1, 420, "level_test", None),
        ("DD", 3, 35, "level", None),
        ("NN1", 1, 70, "level", None),
        ("NV", 6, 140, "score", 4),
        ("CN", 7, 35, "score", 2),
        ("CN", 8, 52, "score", 3),
        ("GDTC", 9, 70, "comment", 2),
        ("LS", 10, 52, "score", 3),
        ("AN", 11, 70, "comment", 2),
        ("VL", 12, 70, "score", 3),
    ],
)
def test_a_subject_is_taught_and_marked_as_the_circulars_say(
    code: str, grade: int, periods: int, mode: str, marks: int | None
) -> None:
    row = queries.subject_grade(queries.subject_by_code(code).id, grade, on=TODAY)

    assert row is not None
    assert (row.periods_per_year, row.mode, row.regular_marks_per_term) == (periods, mode, marks)


def test_lower_secondary_has_eight_scored_and_four_commented_subjects() -> None:
    modes = [row.mode for row in queries.subjects_in(6, TODAY, block="compulsory")]

    assert (modes.count("score"), modes.count("comment")) == (8, 4)


def test_a_grade_that_had_not_begun_has_no_subjects_yet() -> None:
    assert queries.subjects_in(12, date(2023, 11, 1)) == []
    assert queries.grade_plan(12, date(2023, 11, 1)) is None


def test_integrated_subjects_have_strands_and_two_technologies_have_orientations() -> None:
    def names(code: str, grade: int) -> list[tuple[str, int | None]]:
        return [(s.name, s.periods_per_year) for s in queries.strands_of(queries.subject_by_code(code), grade)]

    assert names("NT", 6) == [("Âm nhạc", 35), ("Mĩ thuật", 35)]
    assert names("KHTN", 6) == [("Vật lí", None), ("Hoá học", None), ("Sinh học", None)]
    assert names("CN", 9) == []
    assert names("CN", 10) == [("Công nghiệp", None), ("Nông nghiệp", None)]


def test_every_subject_has_an_english_name_and_a_hue_of_the_palette() -> None:
    palette = {"blue", "violet", "green", "teal", "red", "orange", "gold", "pink", "indigo", "brown", "olive", "slate"}
    rows = queries.subjects(TODAY)

    assert len(rows) == 29
    assert all(row.name_en and row.hue in palette for row in rows)
    assert queries.subject_by_code("TOAN").hue == "blue"


def test_rows_nobody_has_checked_say_so() -> None:
    assert not SubjectGrade.objects.filter(verified=True).exists()
    assert not Outcome.objects.filter(verified=True).exists()
    assert not SubjectGrade.objects.filter(source="").exists()


@pytest.mark.parametrize(("code", "strands", "count"), [("TOAN", 3, 43), ("KHTN", 5, 51)])
def test_two_subjects_of_grade_six_have_a_worked_start(code: str, strands: int, count: int) -> None:
    tree = queries.outcome_tree(queries.subject_by_code(code), 6, TODAY)

    assert len(tree) == strands
    assert queries.count_outcomes(tree) == count
    assert all(topic.kind == "topic" and topic.children for strand in tree for topic in strand.children)


def test_loading_again_changes_nothing() -> None:
    assert actions.load_reference_data(actor=SYSTEM) == 0
    assert not AuditRow.objects.exists()


def test_loading_mends_what_differs_and_leaves_outcomes_that_somebody_changed() -> None:
    GradePlan.objects.filter(grade=6).update(total_periods=1)
    Outcome.objects.filter(code="TOAN.6.A").update(text="Số")

    assert actions.load_reference_data(actor=SYSTEM) == 1
    assert GradePlan.objects.get(grade=6).total_periods == 1015
    assert Outcome.objects.get(code="TOAN.6.A").text == "Số"
    assert AuditRow.objects.get().verb == "reference.programme_loaded"


def test_nobody_loads_the_programme_without_the_right() -> None:
    Subject.objects.filter(code="TOAN").update(name="Tính")

    with pytest.raises(Forbidden):
        actions.load_reference_data(actor=Actor(account_id=1))

    assert Subject.objects.get(code="TOAN").name == "Tính"


@pytest.mark.parametrize("text", ["phan so", "PHÂN SỐ", "  phân   số "])
def test_outcomes_are_found_without_diacritics_the_phrase_first(text: str) -> None:
    lines = queries.search_outcomes(text, grade=6)

    assert [line.code for line in lines[:4]] == ["TOAN.6.A.4.1", "TOAN.6.A.4.2", "TOAN.6.A.4.3", "TOAN.6.A.4.4"]
    assert queries.search_outcomes(text, grade=7) == []


@pytest.mark.parametrize(
    ("text", "codes"), [("TOAN.6.C.3", ["TOAN.6.C.3.1", "TOAN.6.C.3.2"]), ("100% %_", []), ("\x00zz", [])]
)
def test_outcomes_are_found_by_code_and_odd_signs_find_nothing(text: str, codes: list[str]) -> None:
    assert [line.code for line in queries.search_outcomes(text)] == codes


def test_outcomes_are_read_by_id_in_one_query(django_assert_num_queries) -> None:
    ids = list(Outcome.objects.filter(kind="outcome").values_list("id", flat=True)[:20])

    with django_assert_num_queries(1):
        lines = queries.outcomes_by_ids([*ids, 10**9])

    assert sorted(lines) == sorted(ids)


def test_a_tree_costs_one_query(django_assert_num_queries) -> None:
    subject = queries.subject_by_code("KHTN")

    with django_assert_num_queries(1):
        queries.outcome_tree(subject, 6)


def test_an_unknown_subject_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.subject_by_code("MAGIC")
