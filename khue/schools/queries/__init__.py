"""Public reads of the schools room: classes and who is in them, who teaches what, and the school's calendar."""

from khue.schools.queries.calendar import (
    current_term,
    is_school_day,
    school_day,
    school_year_on,
    teaching_weeks,
    terms_of,
)
from khue.schools.queries.classes import (
    class_of,
    class_subject_of,
    class_subjects_of,
    classes_led_by,
    classes_taught_by,
    is_homeroom_of,
    schools_below,
    teaches,
    visible_class_subjects,
    visible_classes,
)
from khue.schools.queries.means import MeansCount, count_means, means_of, pupils_at, teachers_at
from khue.schools.queries.members import (
    Member,
    classes_of_pupil,
    enrolment_of,
    enrolment_of_pupil,
    learners,
    members,
    own_staff,
    visible_enrolments,
)
from khue.schools.queries.roster import (
    importable_years,
    roster_import_numbered,
    roster_import_of,
    visible_roster_imports,
)
from khue.schools.school_days import SchoolDay, Week

__all__ = [
    "MeansCount",
    "Member",
    "SchoolDay",
    "Week",
    "class_of",
    "class_subject_of",
    "class_subjects_of",
    "classes_led_by",
    "classes_of_pupil",
    "classes_taught_by",
    "count_means",
    "current_term",
    "enrolment_of",
    "enrolment_of_pupil",
    "importable_years",
    "is_homeroom_of",
    "is_school_day",
    "learners",
    "means_of",
    "members",
    "own_staff",
    "pupils_at",
    "roster_import_numbered",
    "roster_import_of",
    "school_day",
    "school_year_on",
    "schools_below",
    "teachers_at",
    "teaches",
    "teaching_weeks",
    "terms_of",
    "visible_class_subjects",
    "visible_classes",
    "visible_enrolments",
    "visible_roster_imports",
]
