"""What the years of a whole school came to, for rooms that report it."""

from dataclasses import dataclass

from khue.gradebook.models import PupilYear, SubjectYear


@dataclass(frozen=True, slots=True)
class ReportedResult:
    """One pupil's results as last worked out, by term (1, 2) and year (3); levels are 0 Chưa đạt to 3 Tốt.

    subjects  (subject's code, term 1, term 2, year) in tenths, of subjects with marks; commented ones are left out
    """

    enrolment_id: int
    study: tuple[int | None, int | None, int | None]
    conduct: tuple[int | None, int | None, int | None]
    sessions_absent: int | None
    outcome: str
    award: str
    subjects: tuple[tuple[str, int | None, int | None, int | None], ...]


def results_to_report(school_year_id: int) -> list[ReportedResult]:
    """The results of every pupil of a school year in grades 6 to 12, by enrolment. Two queries.

    Everything is given, so the caller has checked that the actor may report the school.
    """
    subjects: dict[int, list[tuple[str, int | None, int | None, int | None]]] = {}
    marked = SubjectYear.objects.filter(
        enrolment__school_class__school_year_id=school_year_id, is_scored=True, is_exempt=False
    ).order_by("enrolment_id", "class_subject__subject__order", "class_subject__subject__code")
    for enrolment, code, term_1, term_2, year in marked.values_list(
        "enrolment_id", "class_subject__subject__code", "term_1", "term_2", "year"
    ):
        subjects.setdefault(enrolment, []).append((code, term_1, term_2, year))
    years = PupilYear.objects.filter(enrolment__school_class__school_year_id=school_year_id).order_by("enrolment_id")
    return [
        ReportedResult(
            enrolment_id=pupil.enrolment_id,
            study=(pupil.study_term_1, pupil.study_term_2, pupil.study),
            conduct=(pupil.conduct_term_1, pupil.conduct_term_2, pupil.conduct),
            sessions_absent=pupil.sessions_absent,
            outcome=pupil.outcome,
            award=pupil.award,
            subjects=tuple(subjects.get(pupil.enrolment_id, ())),
        )
        for pupil in years
    ]
