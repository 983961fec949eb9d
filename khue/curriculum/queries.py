"""Public reads of the curriculum."""

from datetime import date

from django.db.models import Q

from khue.curriculum.models import SubjectGrade


def subject_grade(subject_id: int, grade: int, *, on: date) -> SubjectGrade | None:
    """How a subject stands in one grade on a day: periods, mode, regular marks. None where it is not taught."""
    rows = SubjectGrade.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), subject_id=subject_id, grade=grade)
    taught = rows.filter(valid_from__lte=on).exclude(block=SubjectGrade.Block.TOPIC)
    return taught.order_by("-valid_from").first()
