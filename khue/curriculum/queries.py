"""Public reads of the curriculum."""

from datetime import date

from django.db.models import Q

from khue.curriculum.models import Outcome, Subject, SubjectGrade


def subject_grade(subject_id: int, grade: int, *, on: date) -> SubjectGrade | None:
    """How a subject stands in one grade on a day: periods, mode, regular marks. None where it is not taught."""
    rows = SubjectGrade.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), subject_id=subject_id, grade=grade)
    taught = rows.filter(valid_from__lte=on).exclude(block=SubjectGrade.Block.TOPIC)
    return taught.order_by("-valid_from").first()


def subjects(on: date) -> list[Subject]:
    """All subjects of the programmes in force on a day, in their printed order. One query."""
    rows = Subject.objects.filter(Q(programme__valid_to=None) | Q(programme__valid_to__gte=on))
    return list(rows.filter(programme__valid_from__lte=on).order_by("order", "id"))


def required_outcomes(subject_id: int, grade: int) -> list[Outcome]:
    """The required outcomes of a subject in a grade, without strands and topics, in order. One query."""
    rows = Outcome.objects.filter(subject_id=subject_id, grade=grade, kind=Outcome.Kind.OUTCOME, valid_to=None)
    return list(rows.order_by("sequence", "id"))
