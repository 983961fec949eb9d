"""What is recorded of many pupils' years, as plain rows. Private: one compiled query each."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from khue.foundation.compiled import compiled
from khue.gradebook.models import (
    Exemption,
    LevelDecision,
    Reassessment,
    ReceivedResult,
    SummerTraining,
    TermConduct,
    TermResult,
)

#: enrolment, subject, number of the term, mean in tenths, passed
ResultRow = tuple[int, int, int, int | None, bool | None]


@compiled
def term_results(school_year_id: int, enrolment_ids: Sequence[int]) -> QuerySet[TermResult, ResultRow]:
    """Results of the terms."""
    rows = TermResult.objects.filter(enrolment_id__in=enrolment_ids, book__term__school_year_id=school_year_id)
    return rows.values_list(
        "enrolment_id", "book__class_subject__subject_id", "book__term__number", "mean_tenths", "passed"
    )


@compiled
def received(school_year_id: int, enrolment_ids: Sequence[int]) -> QuerySet[ReceivedResult, ResultRow]:
    """Results of terms at other schools."""
    rows = ReceivedResult.objects.filter(enrolment_id__in=enrolment_ids, term__school_year_id=school_year_id)
    return rows.values_list("enrolment_id", "class_subject__subject_id", "term__number", "mean_tenths", "passed")


@compiled
def exemptions(enrolment_ids: Sequence[int], on: date) -> QuerySet[Exemption, tuple[int, int]]:
    """(enrolment, class-subject) that are exempted on a day, the last of the year."""
    rows = Exemption.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), enrolment_id__in=enrolment_ids)
    return rows.values_list("enrolment_id", "class_subject_id")


@compiled
def conducts(
    school_year_id: int, enrolment_ids: Sequence[int]
) -> QuerySet[TermConduct, tuple[int, int, int | None, int | None]]:
    """Enrolment, number of the term, level, sessions absent."""
    rows = TermConduct.objects.filter(enrolment_id__in=enrolment_ids, term__school_year_id=school_year_id)
    return rows.values_list("enrolment_id", "term__number", "level", "sessions_absent")


@compiled
def reassessments(
    enrolment_ids: Sequence[int],
) -> QuerySet[Reassessment, tuple[int, int, int | None, bool | None]]:
    """Enrolment, class-subject, tenths, passed."""
    rows = Reassessment.objects.filter(enrolment_id__in=enrolment_ids)
    return rows.values_list("enrolment_id", "class_subject_id", "tenths", "passed")


@compiled
def trainings(enrolment_ids: Sequence[int]) -> QuerySet[SummerTraining, tuple[int, bool | None]]:
    """Enrolment and whether the task, approved by the head, was completed."""
    rows = SummerTraining.objects.filter(enrolment_id__in=enrolment_ids, approved_at__isnull=False)
    return rows.values_list("enrolment_id", "was_completed")


@compiled
def decisions(enrolment_ids: Sequence[int]) -> QuerySet[LevelDecision, tuple[int, int]]:
    """Enrolment and the level that a person chose."""
    return LevelDecision.objects.filter(enrolment_id__in=enrolment_ids).values_list("enrolment_id", "level")
