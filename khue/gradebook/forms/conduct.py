"""Conduct of a class in a term, as the homeroom teacher fills it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.gradebook.actions import TypedConduct
from khue.gradebook.forms import LEVELS
from khue.gradebook.models import TermConduct
from khue.gradebook.rule_sets import Level
from khue.schools.queries import Member

#: The empty one is that nothing is said yet.
CHOICES = [("", "–"), *LEVELS]
#: In which tone a level is filled.
TONES = {"": "", "3": "good", "2": "", "1": "soon", "0": "late"}
KNOWN_LEVELS = frozenset(value for value, _label in CHOICES)
MOST_SESSIONS, LONGEST_COMMENT = 400, 500


@dataclass(frozen=True, slots=True)
class ConductLine:
    """One pupil of the page: as it was typed, else as it is recorded. wrong: which of its fields cannot be read."""

    pupil: Member
    level: str
    absent: str
    comment: str

    @property
    def wrong(self) -> frozenset[str]:
        read = {
            "level": self.level in KNOWN_LEVELS,
            "absent": not self.absent or _sessions(self.absent) is not None,
            "comment": len(self.comment) <= LONGEST_COMMENT,
        }
        return frozenset(name for name, is_read in read.items() if not is_read)


class ConductForm(forms.Form):
    """Field names: "level<enrolment id>", "absent<id>" and "comment<id>" for each pupil.

    Read by hand: as form fields they cost more than all the rest of the page.
    """

    def __init__(
        self, data: Mapping[str, str] | None, *, pupils: Sequence[Member], recorded: Mapping[int, TermConduct]
    ) -> None:
        super().__init__(data)
        self.lines = [self._line(pupil, recorded.get(pupil.enrolment_id)) for pupil in pupils]

    def _line(self, pupil: Member, row: TermConduct | None) -> ConductLine:
        if self.is_bound:
            typed = [self.data.get(f"{name}{pupil.enrolment_id}", "") for name in ("level", "absent", "comment")]
            return ConductLine(pupil, *(text.strip() for text in typed))
        if row is None:
            return ConductLine(pupil, "", "", "")
        return ConductLine(pupil, _written(row.level), _written(row.sessions_absent), row.comment)

    @property
    def settled(self) -> int:
        """How many pupils have a level."""
        return sum(1 for line in self.lines if line.level)

    def clean(self) -> None:
        """Say of each pupil what cannot be read."""
        told = {
            "level": _("%(name)s: mức rèn luyện này không có. Hãy tải lại trang rồi chọn lại."),
            "absent": _("%(name)s: số buổi nghỉ phải là số từ 0 đến 400."),
            "comment": _("%(name)s: nhận xét dài nhất 500 kí tự."),
        }
        for line in self.lines:
            for field in sorted(line.wrong):
                self.add_error(None, told[field] % {"name": line.pupil.full_name})

    def typed(self) -> dict[int, TypedConduct]:
        """What was typed, by enrolment id."""
        return {
            line.pupil.enrolment_id: TypedConduct(
                Level(int(line.level)) if line.level else None, line.comment, _sessions(line.absent)
            )
            for line in self.lines
        }


def _written(value: int | None) -> str:
    return "" if value is None else str(value)


def _sessions(typed: str) -> int | None:
    """The number typed; None for what is none, or more than a year has."""
    found = int(typed) if len(typed) < 4 and typed.isascii() and typed.isdecimal() else None
    return found if found is not None and found <= MOST_SESSIONS else None
