"""Which class and subject somebody's work is: what a package or a sheet says, found among what the school has."""

from khue.foundation.text import fold
from khue.schools.roster.duties import REST as REST
from khue.schools.roster.issues import Code, issue
from khue.schools.roster.known_staff import Place, Staff
from khue.schools.roster.plan import NewClass
from khue.schools.roster.teachers import TeacherRow, Work
from khue.schools.roster.values import class_key, grade_of_class


class Places:
    """The classes of the year by what a file calls them.

    grades       by class key; grows with new_classes
    new_classes  grows by classes that only teachers' work names, where they may be made
    """

    def __init__(self, staff: Staff, grades: dict[str, int], new_classes: list[NewClass], *, may_make: bool) -> None:
        self._staff = staff
        self._grades = grades
        self._new_classes = new_classes
        self._may_make = may_make

    def of(self, row: TeacherRow, work: Work) -> Place | None:
        """The class and subject; None, and an issue of the row, where the school has no such thing."""
        if not work.class_name:
            known = self._staff.places.get(work.class_id)
            if known is None:
                row.issues.append(issue(Code.TEACHING_IN_NO_CLASS, text=work.class_id))
            return known
        key = self._class_of(row, work)
        if key is None or not work.subjects:
            return None if key is None else (key, "")
        if work.subjects == (REST,):
            return key, REST
        return self._subject_of(row, work, key)

    def strand_of(self, work: Work, place: Place) -> str:
        """The part of an integrated subject that the work is: "Sử" of Lịch sử và Địa lí. Empty for the whole of it."""
        return next((name for text in work.subjects if (name := self._staff.strands.get((place[1], text)))), "")

    def without_teacher(self, row: TeacherRow, key: str) -> list[Place]:
        """The subjects of a class that nobody teaches yet."""
        learnt = {place: people for place, people in self._staff.taught.items() if place[0] == key}
        if not learnt:
            row.issues.append(issue(Code.CLASS_LEARNS_NOTHING, name=key.upper()))
        return [place for place, people in learnt.items() if not people]

    def _class_of(self, row: TeacherRow, work: Work) -> str | None:
        key = class_key(work.class_name)
        if key not in self._grades:
            grade = work.grade or grade_of_class(work.class_name)
            if not self._may_make or grade is None or work.is_over:
                _say(row, Code.TEACHING_CLASS_UNKNOWN, "text", text=work.class_name)
                return None
            self._grades[key] = grade
            self._new_classes.append(NewClass(key, work.class_name, grade))
        return key

    def _subject_of(self, row: TeacherRow, work: Work, key: str) -> Place | None:
        """A short word may mean the subject of another grade: "Sử" is a part of Lịch sử và Địa lí until grade 9."""
        staff, offered = self._staff, self._staff.offered.get(self._grades[key], frozenset())
        codes = [staff.codes[fold(text)] for text in work.subjects if fold(text) in staff.codes]
        for code in codes:
            if code in offered or (key, code) in staff.taught:
                return key, code
        wrong = Code.SUBJECT_NOT_TAUGHT if codes else Code.SUBJECT_UNKNOWN
        _say(row, wrong, "name", text=work.subjects[-1], name=work.class_name)
        return None


def _say(row: TeacherRow, code: Code, listed: str, **said: str) -> None:
    """An issue that names several classes, said once a row and not once a class."""
    for found in row.issues:
        rest = {key: value for key, value in found.values.items() if key != listed}
        if found.code is code and rest == {key: value for key, value in said.items() if key != listed}:
            names = str(found.values[listed]).split(", ")
            found.values[listed] = ", ".join(dict.fromkeys([*names, said[listed]]))
            return
    row.issues.append(issue(code, **said))
